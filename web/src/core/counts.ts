import { effect, signal, type ReadonlySignal } from "@preact/signals-core";
import type { Call } from "./api.js";
import type { Filter } from "./chatlist.js";
import type { Env } from "./env.js";
import type { Channel } from "./model.js";

const pauseMs = 2_000;

export type FilterCounts = Partial<Record<Filter, number>>;

/**
 * How many conversations each filter lists, asked for when something has changed and
 * somebody looks.
 */
export class Counts {
  readonly channel = signal<Channel | "">("");
  private readonly known = signal<FilterCounts>({});
  private readonly changes = signal(0);
  private watchers = 0;
  private cancel: (() => void) | undefined;
  private askedAt = -Infinity;

  constructor(
    private readonly clock: Env["clock"],
    private readonly call: Call,
  ) {}

  get of(): ReadonlySignal<FilterCounts> {
    return this.known;
  }

  /** Keeps them true until the returned function is called. */
  watch(): () => void {
    this.watchers++;
    const stop = effect(() => {
      void this.channel.value;
      void this.changes.value;
      this.ask();
    });
    return () => {
      this.watchers--;
      stop();
    };
  }

  /** Something has changed. */
  stale(): void {
    this.changes.value = this.changes.peek() + 1;
  }

  stop(): void {
    this.cancel?.();
    this.cancel = undefined;
  }

  // At most once in a while: in a busy org something changes all the time.
  private ask(): void {
    if (this.cancel) return;
    const wait = Math.max(0, this.askedAt + pauseMs - this.clock.now());
    this.cancel = this.clock.after(wait, () => {
      this.cancel = undefined;
      this.askedAt = this.clock.now();
      if (this.watchers === 0) return;
      const channel = this.channel.peek();
      this.call("ConversationService/CountConversations", { channel }).then(
        (answer) => {
          if (channel !== this.channel.peek()) return;
          this.known.value = {
            unread: answer.unread ?? 0,
            unassigned: answer.unassigned ?? 0,
            window_closing: answer.windowClosing ?? 0,
            snoozed: answer.snoozed ?? 0,
            mentions: answer.mentions ?? 0,
          };
        },
        () => undefined, // the next change asks again
      );
    });
  }
}
