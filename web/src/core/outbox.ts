/**
 * Messages from the click on send until the server has them. They are kept in the
 * browser, so a reload loses none; they go one after the other per conversation;
 * and the key made at the click makes a repeat harmless. The records are the truth,
 * the list on screen their image: other pages of the same user work on them too.
 */
import { signal, type ReadonlySignal } from "@preact/signals-core";
import type { Call } from "./api.js";
import { fullJitter } from "./backoff.js";
import type { Env, RecordStore, Whisper } from "./env.js";
import { asApiError, type ApiError } from "./error.js";
import { toMessage } from "./frompb.js";
import type { Message } from "./model.js";
import { noteRequest, sendRequest, type Content, type OutboxItem } from "./outboxitem.js";
import { uuidMaker } from "./uuid.js";

export interface OutboxOptions {
  env: Pick<Env, "clock" | "random" | "randomBytes" | "records" | "whisper" | "lock" | "online">;
  call: Call;
  /** Records of one user are not another's. */
  userId: string;
  onSent(message: Message): void;
  /** A reply was held because of messages that are not here yet. */
  onHeld(conversationId: string): void;
  /** The highest seq up to which everything after `seq` is the user's own. */
  seenThrough(conversationId: string, seq: number): number;
}

// A fault of the server may be one that stays: after so many the user decides.
const mostFaults = 5;
const retry = { baseMs: 1_000, capMs: 30_000 };

export class Outbox {
  private readonly options: OutboxOptions;
  private readonly records: RecordStore<OutboxItem>;
  private readonly whisper: Whisper;
  private readonly makeId: () => string;
  private readonly shown = signal<readonly OutboxItem[]>([]);
  // Reading the records must neither lose what is on its way in nor bring back what
  // is on its way out.
  private readonly unsaved = new Map<string, OutboxItem>();
  private readonly gone = new Set<string>();
  private readonly busy = new Set<string>();
  private readonly calledMeanwhile = new Set<string>();
  private readonly attempts = new Map<string, number>();
  private readonly retries = new Map<string, () => void>();
  private stopped = false;

  constructor(options: OutboxOptions) {
    this.options = options;
    this.records = options.env.records<OutboxItem>(`outbox-${options.userId}`);
    this.whisper = options.env.whisper(`converse-outbox-${options.userId}`);
    this.makeId = uuidMaker(options.env);
    this.whisper.onHear(() => void this.reload());
  }

  /** Every item, the oldest first. */
  get items(): ReadonlySignal<readonly OutboxItem[]> {
    return this.shown;
  }

  /** Takes up what earlier pages left, and sends it. */
  async start(): Promise<void> {
    await this.reload();
    this.flush();
  }

  stop(): void {
    this.stopped = true;
    for (const cancel of this.retries.values()) cancel();
    this.retries.clear();
  }

  /** Takes a message. It is on screen at once, kept next and sent then. */
  add(conversationId: string, content: Content, viewedSeq: number): OutboxItem {
    const item: OutboxItem = {
      clientId: this.makeId(),
      conversationId,
      createdAt: this.options.env.clock.now(),
      content,
      viewedSeq,
      state: "waiting",
    };
    this.unsaved.set(item.clientId, item);
    this.shown.value = [...this.shown.value, item];
    void this.keep(item).then(() => this.run(conversationId), () => this.run(conversationId));
    return item;
  }

  /** Sends everything that can go, now. */
  flush(): void {
    for (const id of new Set(this.shown.value.map((item) => item.conversationId))) void this.run(id);
  }

  /** The user has seen the newer messages and sends what was held all the same. */
  async release(conversationId: string, viewedSeq: number): Promise<void> {
    for (const item of this.of(conversationId)) {
      if (item.state === "refused") continue;
      await this.keep({ ...item, viewedSeq: Math.max(item.viewedSeq, viewedSeq), state: "waiting", problem: undefined });
    }
    await this.run(conversationId);
  }

  /** Takes back what was held, and what waits behind it, and returns the texts. Notes go on. */
  async takeBack(conversationId: string): Promise<string[]> {
    const items = this.of(conversationId).filter((item) => item.state !== "refused" && item.content.kind !== "note");
    for (const item of items) await this.discard(item.clientId);
    return items.filter((item) => item.content.kind === "text").map((item) => item.content.text);
  }

  /** Sends a refused item once more. */
  async retry(clientId: string): Promise<void> {
    const item = this.shown.value.find((i) => i.clientId === clientId);
    if (!item) return;
    await this.keep({ ...item, state: "waiting", problem: undefined });
    await this.run(item.conversationId);
  }

  /** Drops an item: the user took it back, or the server has it. */
  async discard(clientId: string): Promise<void> {
    if (!this.shown.value.some((item) => item.clientId === clientId)) return;
    this.gone.add(clientId);
    this.unsaved.delete(clientId);
    this.attempts.delete(clientId);
    this.shown.value = this.shown.value.filter((item) => item.clientId !== clientId);
    await this.records.remove(clientId);
    this.whisper.say();
  }

  private of(conversationId: string): OutboxItem[] {
    return this.shown.value.filter((item) => item.conversationId === conversationId);
  }

  private async keep(item: OutboxItem): Promise<void> {
    if (this.gone.has(item.clientId)) return;
    this.unsaved.set(item.clientId, item);
    this.shown.value = this.shown.value.map((i) => (i.clientId === item.clientId ? item : i));
    await this.records.put(item.clientId, item);
    if (this.unsaved.get(item.clientId) === item) this.unsaved.delete(item.clientId);
    this.whisper.say();
  }

  private async reload(): Promise<void> {
    const byId = new Map((await this.records.list()).map((item) => [item.clientId, item]));
    for (const [id, item] of this.unsaved) byId.set(id, item);
    for (const id of this.gone) byId.delete(id);
    this.shown.value = [...byId.values()].sort((a, b) => (a.clientId < b.clientId ? -1 : 1));
  }

  // One run per conversation in this page, and by the lock in this browser. A run
  // reads the records again, because another page may have sent them meanwhile.
  private async run(conversationId: string): Promise<void> {
    if (this.busy.has(conversationId)) return void this.calledMeanwhile.add(conversationId);
    this.busy.add(conversationId);
    this.retries.get(conversationId)?.();
    this.retries.delete(conversationId);
    try {
      await this.options.env.lock(`converse-outbox-${this.options.userId}-${conversationId}`, async () => {
        await this.reload();
        for (let item = this.next(conversationId); item; item = this.next(conversationId)) {
          if (!(await this.send(item))) break;
        }
      });
    } finally {
      this.busy.delete(conversationId);
    }
    if (this.calledMeanwhile.delete(conversationId) && !this.retries.has(conversationId)) await this.run(conversationId);
  }

  // What was held keeps every message behind it back: the order is the user's. A note
  // is no answer to the lead and passes.
  private next(conversationId: string): OutboxItem | undefined {
    if (this.stopped || !this.options.env.online.value) return undefined;
    const open = this.of(conversationId).filter((item) => item.state !== "refused");
    const held = open.some((item) => item.state === "held");
    return held ? open.find((item) => item.state === "waiting" && item.content.kind === "note") : open[0];
  }

  /** Hands one item to the server; false ends the run. */
  private async send(item: OutboxItem): Promise<boolean> {
    try {
      this.options.onSent(await this.hand(item));
      await this.discard(item.clientId);
      return true;
    } catch (thrown) {
      return this.failed(item, asApiError(thrown));
    }
  }

  private async hand(item: OutboxItem): Promise<Message> {
    const { call, seenThrough } = this.options;
    const { content } = item;
    if (content.kind === "note") return toMessage((await call("ConversationService/AddNote", noteRequest(item, content))).message);
    if (content.kind === "again") {
      const { messageId } = content;
      return toMessage((await call("ConversationService/SendAgain", { messageId, clientId: item.clientId })).message);
    }
    // What the user sent since is not news to the user. 0 would mean no check.
    const viewed = seenThrough(item.conversationId, item.viewedSeq);
    return toMessage((await call("ConversationService/SendMessage", sendRequest(item, content, viewed))).message);
  }

  private async failed(item: OutboxItem, error: ApiError): Promise<boolean> {
    if (this.gone.has(item.clientId)) return true; // an event was quicker than the answer
    if (error.code === "unauthenticated") return false; // goes on after signing in
    const attempt = (this.attempts.get(item.clientId) ?? 0) + 1;
    this.attempts.set(item.clientId, attempt);
    const fault = error.code === "internal" || error.code === "unknown";
    if (error.temporary && (!fault || attempt < mostFaults)) {
      this.again(item.conversationId, attempt, error.code === "resource_exhausted");
      return false;
    }
    const held = error.reason === "stale_view";
    await this.keep({
      ...item,
      state: held ? "held" : "refused",
      problem: { reason: error.reason, text: error.message, newer: error.newer, reference: error.reference },
    });
    if (held) this.options.onHeld(item.conversationId);
    return !held;
  }

  private again(conversationId: string, attempt: number, slowly: boolean): void {
    const { clock, random } = this.options.env;
    const wait = (slowly ? 5_000 : 500) + fullJitter(attempt, retry.baseMs, retry.capMs, random);
    this.retries.set(
      conversationId,
      clock.after(wait, () => {
        this.retries.delete(conversationId);
        void this.run(conversationId);
      }),
    );
  }
}
