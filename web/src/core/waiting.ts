/** Leads that wrote and have nobody: how many, and taking them. */
import { signal, type ReadonlySignal } from "@preact/signals-core";
import type { EventJson } from "../gen/converse/v1/socket_pb.js";
import type { Call } from "./api.js";
import type { Clock } from "./env.js";

export interface WaitingState {
  /** All that wait; 1000 stands for more, too. */
  count: number;
  /** Of those: came in when nobody at all could get them. */
  unserved: number;
}

const none: WaitingState = { count: 0, unserved: 0 };
// Many leads may come or go at once, and everybody hears of each: one question each is enough.
const pauseMs = 500;
const spreadMs = 1_000;

export class Waiting {
  private readonly known = signal<WaitingState>(none);
  private pending: (() => void) | undefined;

  constructor(
    private readonly clock: Clock,
    private readonly random: () => number,
    private readonly call: Call,
  ) {}

  get state(): ReadonlySignal<WaitingState> {
    return this.known;
  }

  apply(events: readonly EventJson[]): void {
    if (events.some((event) => event.offer)) this.soon(pauseMs + this.random() * spreadMs);
  }

  /** Asks again; a failure leaves what was known, and the next offer asks again. */
  async load(): Promise<void> {
    const { count = 0, unserved = 0 } = await this.call("LeadService/ListWaiting", { limit: 1 });
    this.known.value = { count, unserved };
  }

  /** Takes the lead that waits longest, or all. Returns the leads that are the user's now. */
  async take(all: boolean): Promise<string[]> {
    const { leadIds = [] } = await this.call("LeadService/TakeLead", { all });
    await this.load();
    return leadIds;
  }

  stop(): void {
    this.pending?.();
    this.pending = undefined;
  }

  private soon(ms: number): void {
    if (this.pending) return;
    this.pending = this.clock.after(ms, () => {
      this.pending = undefined;
      this.load().catch(() => undefined);
    });
  }
}
