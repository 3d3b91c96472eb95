import type { Call } from "./api.js";
import type { Env } from "./env.js";
import { toMessage } from "./frompb.js";
import type { Chat, Store } from "./store.js";

// Events of one stream come in order, but an answer may overtake them: most holes
// close by themselves within this time.
const patienceMs = 1_000;
const retryMs = 5_000;
const pageSize = 200;

/** Fills holes in the messages of open conversations. */
export class Gaps {
  private readonly waiting = new Map<string, () => void>();

  constructor(
    private readonly clock: Env["clock"],
    private readonly call: Call,
    private readonly store: Store,
  ) {}

  /** Looks for holes in the given conversations and fills those that stay. */
  check(chats: Iterable<Chat>): void {
    for (const chat of chats) {
      if (holeOf(chat) !== 0) this.later(chat, patienceMs);
    }
  }

  /** Fetches what the server has beyond the newest message here. */
  fetchNewer(id: string): void {
    const chat = this.store.get(id);
    const newest = chat?.thread.newest.value?.seq ?? 0;
    if (!chat || chat.thread.from.value === 0) return;
    this.call("ConversationService/ListMessages", { conversationId: id, afterSeq: newest, limit: pageSize }).then(
      (answer) => this.store.putPage(id, (answer.messages ?? []).map(toMessage), newest + 1),
      () => undefined, // the connection brings them when it is back
    );
  }

  /** Forgets all pending work. */
  stop(): void {
    for (const cancel of this.waiting.values()) cancel();
    this.waiting.clear();
  }

  private later(chat: Chat, ms: number): void {
    if (this.waiting.has(chat.id)) return;
    const cancel = this.clock.after(ms, () => {
      this.fill(chat).then(
        () => this.done(chat),
        () => this.done(chat),
      );
    });
    this.waiting.set(chat.id, cancel);
  }

  // What could not be filled is tried again after a while, for as long as it is missing.
  private done(chat: Chat): void {
    if (!this.waiting.delete(chat.id)) return;
    if (holeOf(chat) !== 0) this.later(chat, retryMs);
  }

  private async fill(chat: Chat): Promise<void> {
    for (let hole = holeOf(chat); hole !== 0; ) {
      const answer = await this.call("ConversationService/ListMessages", {
        conversationId: chat.id,
        afterSeq: hole - 1,
        limit: pageSize,
      });
      this.store.putPage(chat.id, (answer.messages ?? []).map(toMessage), hole);
      const next = holeOf(chat);
      if (next <= hole) return;
      hole = next;
    }
  }
}

function holeOf(chat: Chat): number {
  return chat.thread.hole(chat.data.value.lastSeq);
}
