import type { Env } from "./env.js";

// Colleagues forget it after 25 seconds without another.
const againMs = 10_000;

/** That a reply stands before the user: said at once, again for as long as it lasts, and when it ends. */
export class Claim {
  private held = false;
  private cancel = (): void => undefined;

  constructor(
    private readonly clock: Env["clock"],
    private readonly say: (replying: boolean) => void,
  ) {}

  set(replying: boolean): void {
    if (replying === this.held) return;
    this.held = replying;
    this.cancel();
    this.tell();
  }

  private tell(): void {
    this.say(this.held);
    this.cancel = this.held ? this.clock.after(againMs, () => this.tell()) : () => undefined;
  }
}
