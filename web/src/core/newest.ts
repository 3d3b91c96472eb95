/**
 * Fetches the newest page of the list: events carry no read marker, and it does, with the
 * count of what is unread.
 */
import type { Call } from "./api.js";
import type { Badge } from "./badge.js";
import type { Clock } from "./env.js";
import type { Store } from "./store.js";
import type { Timers } from "./timers.js";

const pauseMs = 3_000;
// Conversations come in bursts.
const waitMs = 300;

export class Newest {
  private fetchedAt = -Infinity;

  constructor(
    private readonly clock: Clock,
    private readonly timers: Timers,
    private readonly call: Call,
    private readonly store: Store,
    private readonly badge: Badge,
  ) {}

  /** Fetches soon, once for all who ask until then. */
  fetch(): void {
    if (this.timers.has("newest")) return;
    this.timers.set("newest", Math.max(waitMs, this.fetchedAt + pauseMs - this.clock.now()), () => {
      this.fetchedAt = this.clock.now();
      this.call("ConversationService/ListConversations", { filter: "all", limit: 50 }).then(
        (answer) => {
          for (const json of answer.conversations ?? []) this.store.putAnswer(json);
          this.badge.set(answer.unreadMine ?? 0);
        },
        () => undefined, // the next event asks again
      );
    });
  }
}
