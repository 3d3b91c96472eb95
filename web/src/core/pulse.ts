/** The time, moving on every few seconds: for labels and windows. */
import { signal, type ReadonlySignal } from "@preact/signals-core";
import type { Clock } from "./env.js";
import type { Timers } from "./timers.js";

const tickMs = 15_000;
const asleepMs = 150_000;

export class Pulse {
  private readonly time = signal(0);

  constructor(
    private readonly clock: Clock,
    private readonly timers: Timers,
    private readonly onWoken: () => void,
  ) {}

  get now(): ReadonlySignal<number> {
    return this.time;
  }

  /** Begins to tick. A gap far longer than a tick says that the machine slept. */
  start(): void {
    const before = this.time.value;
    this.time.value = this.clock.now();
    if (before !== 0 && this.time.value - before > asleepMs) this.onWoken();
    this.timers.set("pulse", tickMs, () => this.start());
  }
}
