/**
 * One conversation on screen: what to show and what the user may do. Knows nothing
 * of pixels; `ui` shows it.
 */
import { computed, effect, signal, type ReadonlySignal } from "@preact/signals-core";
import type { ListMessagesRequestJson } from "../gen/converse/v1/conversation_pb.js";
import { Composing } from "./composing.js";
import type { Desk } from "./desk.js";
import type { Entry } from "./entry.js";
import { ApiError, asApiError } from "./error.js";
import { toLead, toMark, toMessage } from "./frompb.js";
import type { Lead, Message } from "./model.js";
import type { OutboxItem } from "./outboxitem.js";
import type { Writer } from "./presence.js";
import type { Chat } from "./store.js";
import { Team } from "./team.js";
import { toTimeline, type TimelineState } from "./timeline.js";
import { windowState, type WindowState } from "./window.js";

export type ViewState = "idle" | "loading" | "ready" | "failed";

const pageSize = 50;
const largestPage = 200;
const mostRefetched = 400;

export class ConversationView {
  readonly chat: ReadonlySignal<Chat | undefined>;
  readonly entries: ReadonlySignal<readonly Entry[]>;
  readonly items: ReadonlySignal<readonly OutboxItem[]>;
  readonly window: ReadonlySignal<WindowState>;
  /** Colleagues who are replying here. */
  readonly repliers: ReadonlySignal<readonly Writer[]>;
  /** What the user is writing here. */
  readonly composing: Composing;
  /** What colleagues do with this conversation among themselves. */
  readonly team: Team;
  readonly hasOlder: ReadonlySignal<boolean>;
  /** Messages that were sent again, by id. */
  readonly retried: ReadonlySignal<ReadonlySet<string>>;
  /** The row at the upper edge when it was last on screen, in pixels from it; undefined for the end. */
  place: { key: string; top: number } | undefined;
  private readonly current = signal<ViewState>("idle");
  private readonly fault = signal<ApiError | undefined>(undefined);
  private readonly person = signal<Lead | undefined>(undefined);
  private readonly older = signal(false);
  readonly error: ReadonlySignal<ApiError | undefined> = this.fault;
  readonly lead: ReadonlySignal<Lead | undefined> = this.person;
  readonly loadingOlder: ReadonlySignal<boolean> = this.older;
  private readonly newLine = signal(0);
  private readonly stoppable: ReadonlySignal<boolean>;
  private seenSeq = 0;
  private openings = 0;
  // The user wants to come back to it: being on screen does not read it.
  private putBack = false;
  private stopWatching: (() => void) | undefined;

  constructor(
    private readonly desk: Desk,
    readonly id: string,
  ) {
    this.chat = computed(() => {
      void desk.store.all.value;
      return desk.store.get(id);
    });
    this.entries = computed(() => this.chat.value?.thread.list.value ?? []);
    this.items = computed(() => desk.outbox.items.value.filter((item) => item.conversationId === id));
    this.window = computed(() => {
      const chat = this.chat.value;
      return chat ? windowState(chat.data.value, desk.now.value) : { kind: "none" };
    });
    this.repliers = computed(() => [...desk.presence.repliers(id).value.values()]);
    this.stoppable = computed(() => {
      const data = this.chat.value?.data.value;
      return data !== undefined && !data.identifier.optedOut && !data.identifier.stops.includes(data.channel);
    });
    this.team = new Team(desk, id);
    this.composing = new Composing(desk, id, { seen: () => this.seenSeq, said: () => (this.newLine.value = 0) });
    this.hasOlder = computed(() => (this.chat.value?.thread.from.value ?? 0) > 1);
    this.retried = computed(() => {
      const again = this.items.value.map((item) => (item.content.kind === "again" ? item.content.messageId : ""));
      return new Set([...this.entries.value.map((entry) => entry.message.retryOf), ...again]);
    });
  }

  get state(): ReadonlySignal<ViewState> {
    return this.current;
  }

  /** The first seq that is new to the user since opening; 0 for none. */
  get newFrom(): ReadonlySignal<number> {
    return this.newLine;
  }

  get isOpen(): boolean {
    return this.openings > 0;
  }

  get userName(): string {
    return this.desk.user.name;
  }

  get userId(): string {
    return this.desk.user.id;
  }

  get now(): ReadonlySignal<number> {
    return this.desk.now;
  }

  get online(): ReadonlySignal<boolean> {
    return this.desk.env.online;
  }

  /** The conversation comes on screen; the returned function takes it off again. */
  open(): () => void {
    if (this.openings++ === 0) {
      this.newLine.value = 0;
      this.putBack = false;
      void this.load();
    }
    return () => {
      if (--this.openings > 0) return;
      this.composing.left();
      this.stopWatching?.();
      this.stopWatching = undefined;
    };
  }

  async load(): Promise<void> {
    const { desk, id } = this;
    this.fault.value = undefined;
    // A thread that is here is kept true by events; only the lead is asked for again.
    const loaded = (this.chat.value?.thread.from.value ?? 0) > 0;
    this.current.value = loaded ? "ready" : "loading";
    // Before it is on screen, and thereby read.
    if (loaded) this.markNew();
    await desk.ready;
    try {
      const request = desk.call("ConversationService/GetConversation", { conversationId: id });
      // As far back as the user has not read, so that the new part has its beginning.
      const unread = this.chat.value?.unread.value ?? 0;
      const [answer, messages] = await Promise.all([request, loaded ? [] : this.page(0, unread + 10)]);
      if (answer.conversation) desk.store.putAnswer(answer.conversation);
      this.person.value = toLead(answer.lead);
      if (!loaded) desk.store.putPage(id, messages, messages[0]?.seq ?? 1);
      this.markNew();
      this.watch();
      this.current.value = "ready";
    } catch (thrown) {
      this.fault.value = asApiError(thrown);
      if (!loaded) this.current.value = "failed";
    }
  }

  /** The user may not see it any more: nothing of it stays here. */
  gone(): void {
    this.person.value = undefined;
    this.fault.value = new ApiError("not_found", "There is no such conversation.");
    this.current.value = "failed";
  }

  /** Fetches again what was loaded, after something was missed. */
  async refetch(): Promise<void> {
    const thread = this.chat.value?.thread;
    if (!thread || this.current.value !== "ready") return this.load();
    const { from } = thread;
    const end = Math.max(this.chat.value?.data.value.lastSeq ?? 0, thread.newest.value?.seq ?? 0);
    const answer = await this.desk.call("ConversationService/GetConversation", { conversationId: this.id }).catch((thrown: unknown) => {
      if (asApiError(thrown).code !== "not_found") throw thrown;
      this.desk.store.remove({ conversationId: this.id });
      this.gone();
    });
    if (!answer) return;
    if (answer.conversation) this.desk.store.putAnswer(answer.conversation);
    if (end - from.value > mostRefetched) {
      const messages = await this.page(0);
      this.desk.store.putPage(this.id, messages, from.value);
      thread.forgetBelow(messages[0]?.seq ?? 1);
      return;
    }
    let next = from.value;
    for (let full = true; full; ) {
      const page = { conversationId: this.id, afterSeq: next - 1, limit: largestPage };
      const messages = await this.messages(page);
      this.desk.store.putPage(this.id, messages, next);
      next = (messages.at(-1)?.seq ?? 0) + 1;
      full = messages.length === largestPage;
    }
  }

  /** Loads the page before the oldest message here. */
  async loadOlder(): Promise<void> {
    const from = this.chat.value?.thread.from.value ?? 0;
    if (this.older.value || from <= 1) return;
    this.older.value = true;
    try {
      const messages = await this.page(from);
      this.desk.store.putPage(this.id, messages, messages[0]?.seq ?? 1);
    } catch {
      // Scrolling on asks again.
    } finally {
      this.older.value = false;
    }
  }

  /** The user has everything up to seq on screen. */
  seen(seq: number, attentive: boolean): void {
    this.seenSeq = Math.max(this.seenSeq, seq);
    const chat = this.chat.value;
    const read = chat?.marker.value?.seq ?? 0;
    if (attentive && !this.putBack && (seq > read || chat?.calls.value)) this.desk.markRead(this.id, seq);
  }

  /** Marks it as unread until it is opened again. */
  async markUnread(): Promise<void> {
    this.putBack = true;
    const answer = await this.desk.call("ConversationService/MarkUnread", { conversationId: this.id });
    this.desk.store.putMark(this.id, toMark(answer.mark));
  }

  /** Whether the lead can still be marked as one to leave alone. */
  get mayStop(): ReadonlySignal<boolean> {
    return this.stoppable;
  }

  /** Notes that the lead asked to be left alone. */
  async optOut(): Promise<void> {
    const identifierId = this.chat.value?.data.value.identifier.id ?? "";
    await this.desk.call("LeadService/SetOptOut", { identifierId, optedOut: true });
  }

  async timeline(messageId: string): Promise<TimelineState[]> {
    const answer = await this.desk.call("ConversationService/GetTimeline", { messageId });
    return toTimeline(answer.states ?? []);
  }

  /** A link to a file; the same one for as long as it works. */
  download(mediaId: string, preview = false): Promise<string> {
    return this.desk.links.to(mediaId, preview);
  }

  /** Has a file fetched from its provider again that did not come. */
  fetchAgain(mediaId: string): Promise<void> {
    return this.desk.links.fetchAgain(mediaId);
  }

  /** Where an administrator reads what was said to the provider about a message; empty for others. */
  exchangeOf(messageId: string): string {
    return this.desk.rights.administers ? `/settings/connectors/message-${messageId}` : "";
  }

  private page(beforeSeq: number, wanted = 0): Promise<Message[]> {
    return this.messages({ conversationId: this.id, beforeSeq, limit: Math.min(Math.max(pageSize, wanted), largestPage) });
  }

  private async messages(request: ListMessagesRequestJson): Promise<Message[]> {
    const answer = await this.desk.call("ConversationService/ListMessages", request);
    return (answer.messages ?? []).map(toMessage);
  }

  private markNew(): void {
    const chat = this.chat.value;
    if (chat && chat.unread.value > 0) this.newLine.value = (chat.marker.value?.seq ?? 0) + 1;
  }

  // A message that comes while nobody looks begins the new part.
  private watch(): void {
    this.stopWatching?.();
    let before = this.chat.value?.thread.newest.value?.seq ?? 0;
    this.stopWatching = effect(() => {
      const newest = this.chat.value?.thread.newest.value;
      if (!newest || newest.seq <= before) return;
      before = newest.seq;
      if (newest.message.inbound && !this.desk.env.visible.peek() && this.newLine.peek() === 0) this.newLine.value = newest.seq;
    });
  }
}
