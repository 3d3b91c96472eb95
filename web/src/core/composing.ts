/**
 * What the user is writing in one conversation: the draft of a reply, that of a note,
 * files, templates, and what was refused or held. Sending is the outbox's.
 */
import { signal, type ReadonlySignal } from "@preact/signals-core";
import type { Attachments } from "./attachments.js";
import { Claim } from "./claim.js";
import type { Desk } from "./desk.js";
import { noteKey } from "./drafts.js";
import type { Entry } from "./entry.js";
import { ApiError } from "./error.js";
import type { HeaderFile } from "./headerfile.js";
import { LeadView } from "./leadview.js";
import type { Template } from "./model.js";
import type { Around, OutboxItem } from "./outboxitem.js";
import { placeText } from "./placetext.js";
import { RecentTemplates } from "./recent.js";
import { fill } from "./templates.js";

/** The conversation on screen around what is written. */
interface Screen {
  /** The newest seq that the user has before their eyes. */
  seen(): number;
  /** The user has answered: nothing above is new any more. */
  said(): void;
}

export class Composing {
  readonly draft: ReadonlySignal<string>;
  /** What is written to colleagues, kept apart from what is written to the lead. */
  readonly noteDraft: ReadonlySignal<string>;
  /** Whom the composer writes to. */
  readonly mode = signal<"reply" | "note">("reply");
  /** Undefined until attach was called. */
  readonly attached = signal<Attachments | undefined>(undefined);
  private readonly recent: RecentTemplates;
  private readonly claim: Claim;

  constructor(
    private readonly desk: Desk,
    private readonly id: string,
    private readonly screen: Screen,
  ) {
    this.draft = desk.drafts.of(id);
    this.noteDraft = desk.drafts.of(noteKey(id));
    // Colleagues see that somebody is replying for as long as the draft stands there.
    this.claim = new Claim(desk.env.clock, (replying) => desk.socket.replying(id, replying));
    this.recent = new RecentTemplates(desk.env.storage, desk.user.id);
  }

  /** The conversation is not on screen any more. */
  left(): void {
    this.claim.set(false);
    this.desk.drafts.save();
  }

  write(text: string): void {
    this.desk.drafts.set(this.id, text);
    if (text.trim() !== "") this.desk.socket.typing(this.id);
    this.claim.set(text.trim() !== "");
  }

  /** The reply stands before the user, or no longer. */
  focused(focused: boolean): void {
    this.claim.set(focused && this.draft.peek().trim() !== "");
  }

  writeNote(text: string): void {
    this.desk.drafts.set(noteKey(this.id), text);
  }

  /** Leaves the note's draft for colleagues. Nothing goes to the lead. */
  addNote(mentionIds: string[]): void {
    const text = this.noteDraft.value.trim();
    if (text === "") return;
    this.desk.outbox.add(this.id, { kind: "note", text, mentionIds }, this.screen.seen());
    this.desk.drafts.set(noteKey(this.id), "");
    this.desk.drafts.save();
  }

  /** Sends the draft and what is attached. A text that no caption holds goes first. */
  send(): void {
    let text = this.draft.value.trim();
    const messages = this.attached.value?.take() ?? [];
    if (text === "" && messages.length === 0) return;
    const fits = messages[0] !== undefined && text.length <= messages[0].caption;
    if (text !== "" && !fits) this.desk.outbox.add(this.id, { kind: "text", text }, this.screen.seen());
    for (const { files } of messages) {
      this.desk.outbox.add(this.id, { kind: "files", text: fits ? text : "", files }, this.screen.seen());
      text = "";
    }
    this.desk.drafts.set(this.id, "");
    this.desk.drafts.save();
    this.claim.set(false);
    this.screen.said();
  }

  sendTemplate(template: Template, variables: Record<string, string>, around: Around = {}): void {
    const above = around.headerLocation ? `${placeText(around.headerLocation)}\n` : "";
    const content = { kind: "template" as const, text: above + fill(template, variables), templateId: template.id, name: template.name, variables, around };
    this.desk.outbox.add(this.id, content, this.screen.seen());
    this.recent.add(template.id);
    this.screen.said();
  }

  /** Makes a new message of one that failed or is unsure. */
  sendAgain(entry: Entry): void {
    this.desk.outbox.add(this.id, { kind: "again", messageId: entry.id, text: entry.message.text }, this.screen.seen());
  }

  /** Sends what was held, now that the newer messages are on screen. */
  release(): void {
    const newest = this.chat?.thread.newest.value?.seq ?? 0;
    void this.desk.outbox.release(this.id, Math.max(this.screen.seen(), newest));
  }

  /** Puts what was held back into the draft. */
  async takeBack(): Promise<void> {
    this.desk.drafts.append(this.id, await this.desk.outbox.takeBack(this.id));
  }

  retry(item: OutboxItem): void {
    void this.desk.outbox.retry(item.clientId);
  }

  discard(item: OutboxItem): void {
    void this.desk.outbox.discard(item.clientId);
  }

  /** Puts a refused text back into the draft. */
  edit(item: OutboxItem): void {
    const note = item.content.kind === "note";
    this.mode.value = note ? "note" : "reply";
    this.desk.drafts.append(note ? noteKey(this.id) : this.id, [item.content.text]);
    this.discard(item);
  }

  /** Moves the draft to an SMS conversation with the same lead, and returns its id. */
  async toSms(): Promise<string> {
    const chat = this.chat?.data.value;
    const lead = new LeadView(this.desk, chat?.leadId ?? "");
    await lead.load();
    const ways = lead.choices.value.filter((choice) => choice.channel === "sms");
    const way = ways.find((choice) => choice.identifier.id === chat?.identifier.id) ?? ways[0];
    if (!way) throw lead.error.value ?? new ApiError("not_found", "");
    const id = await lead.start(way);
    this.desk.drafts.append(id, [this.draft.value]);
    this.desk.drafts.set(this.id, "");
    return id;
  }

  templates(): Promise<Template[]> {
    return this.desk.templatesOf(this.id);
  }

  /** Rises when they may be others than before. */
  get templatesChanged(): ReadonlySignal<number> {
    return this.desk.changes.templates;
  }

  get recentTemplates(): string[] {
    return this.recent.list();
  }

  /** The file of a kind over a template's text: apart from those of the draft. */
  async headerFile(kind: string): Promise<HeaderFile> {
    const [{ Attachments: make }, { HeaderFile: of }] = await Promise.all([import("./attachments.js"), import("./headerfile.js")]);
    return new of(new make(this.desk.env, this.desk.call, { conversationId: this.id, kind }));
  }

  /** What is to go with the next message, loaded when it is first needed. */
  async attach(): Promise<Attachments> {
    const { Attachments: make } = await import("./attachments.js");
    this.attached.value ??= new make(this.desk.env, this.desk.call, { conversationId: this.id });
    return this.attached.value;
  }

  private get chat() {
    return this.desk.store.get(this.id);
  }
}
