/** Timers by name: one that is set again begins anew. */
import type { Clock } from "./env.js";

const retryMs = 5_000;

export class Timers {
  private readonly running = new Map<string, () => void>();

  constructor(private readonly clock: Clock) {}

  set(name: string, ms: number, fn: () => void): void {
    this.cancel(name);
    const cancel = this.clock.after(ms, () => {
      this.running.delete(name);
      fn();
    });
    this.running.set(name, cancel);
  }

  has(name: string): boolean {
    return this.running.has(name);
  }

  cancel(name: string): void {
    this.running.get(name)?.();
    this.running.delete(name);
  }

  /** Does some work, again after a while for as long as it fails. */
  attempt(name: string, work: () => Promise<void>): void {
    work().catch(() => this.set(name, retryMs, () => this.attempt(name, work)));
  }

  stop(): void {
    for (const cancel of this.running.values()) cancel();
    this.running.clear();
  }
}
