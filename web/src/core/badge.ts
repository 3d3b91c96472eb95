/** How many messages of the user's own leads wait to be read, over all conversations. */
import { signal, type ReadonlySignal } from "@preact/signals-core";
import type { Store } from "./store.js";

export class Badge {
  private readonly count = signal(0);

  constructor(
    private readonly store: Store,
    private readonly userId: string,
  ) {}

  get unread(): ReadonlySignal<number> {
    return this.count;
  }

  /** Takes the server's word. */
  set(unread: number): void {
    this.count.value = unread;
  }

  /** Does something to conversations, and counts what it changes. */
  around<T>(ids: Iterable<string>, work: () => T): T {
    const all = [...ids];
    const before = this.mine(all);
    const done = work();
    this.count.value = Math.max(0, this.count.value + this.mine(all) - before);
    return done;
  }

  private mine(ids: readonly string[]): number {
    let sum = 0;
    for (const id of ids) {
      const chat = this.store.get(id);
      if (chat && chat.data.value.ownerId === this.userId) sum += chat.unread.value;
    }
    return sum;
  }
}
