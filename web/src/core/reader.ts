import type { Call } from "./api.js";
import type { Env } from "./env.js";

const pauseMs = 1_000;

/** Moves the user's read markers on the server, at most once a second each. */
export class Reader {
  private readonly wanted = new Map<string, number>();
  private readonly told = new Map<string, number>();
  private readonly pausing = new Map<string, () => void>();

  constructor(
    private readonly clock: Env["clock"],
    private readonly call: Call,
    private readonly onUnread: (unreadMine: number) => void,
  ) {}

  /** The user has read up to seq. `again`: said once more, to take a mark away. */
  read(conversationId: string, seq: number, again = false): void {
    if (again) this.told.delete(conversationId);
    else if (seq <= (this.wanted.get(conversationId) ?? 0)) return;
    this.wanted.set(conversationId, seq);
    if (!this.pausing.has(conversationId)) this.tell(conversationId);
  }

  stop(): void {
    for (const cancel of this.pausing.values()) cancel();
    this.pausing.clear();
  }

  private tell(conversationId: string): void {
    const seq = this.wanted.get(conversationId) ?? 0;
    this.pausing.set(
      conversationId,
      this.clock.after(pauseMs, () => {
        this.pausing.delete(conversationId);
        if ((this.wanted.get(conversationId) ?? 0) > (this.told.get(conversationId) ?? 0)) this.tell(conversationId);
      }),
    );
    this.call("ConversationService/MarkRead", { conversationId, seq }).then(
      (answer) => {
        this.told.set(conversationId, Math.max(seq, this.told.get(conversationId) ?? 0));
        this.onUnread(answer.unreadMine ?? 0);
      },
      // The next look at the conversation tells it again.
      () => this.wanted.delete(conversationId),
    );
  }
}
