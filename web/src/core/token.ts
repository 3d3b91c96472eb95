/** Tokens that a host page gives for its user, each asked for once while it works. */
import type { Clock } from "./env.js";
import { ApiError } from "./error.js";

/** A token, alone or with when it stops working: a date, or what a date is made of. */
export type Given = string | { token: string; expiresAt?: string | number | Date };

export type GetToken = () => Given | Promise<Given>;

// A token is replaced this long before it ends, so that no call meets the end.
const earlyMs = 30_000;
// A host page that has not answered by then will not.
const patienceMs = 20_000;

export class Tokens {
  private current: { token: string; until: number } | undefined;
  private asking: Promise<string> | undefined;

  constructor(
    private readonly clock: Clock,
    private readonly getToken: GetToken,
  ) {}

  /** The token, asked for when there is none that works. Many who ask at once ask the host once. */
  get(): Promise<string> {
    const known = this.current;
    if (known && this.clock.now() < known.until) return Promise.resolve(known.token);
    this.asking ??= this.ask().finally(() => (this.asking = undefined));
    return this.asking;
  }

  /** The server did not take this token. Another that came meanwhile stays. */
  refuse(token: string): void {
    if (this.current?.token === token) this.current = undefined;
  }

  /** The token's sign-in has ended, or the host has another user. */
  drop(): void {
    this.current = undefined;
  }

  private async ask(): Promise<string> {
    let cancel = (): void => undefined;
    const late = new Promise<never>((_, reject) => {
      cancel = this.clock.after(patienceMs, () => reject(new Error("getToken has not answered")));
    });
    try {
      const given = await Promise.race([Promise.resolve().then(this.getToken), late]);
      const { token, expiresAt } = typeof given === "string" ? { token: given, expiresAt: undefined } : given;
      if (typeof token !== "string" || token === "") throw new Error("getToken gave no token");
      const end = expiresAt === undefined ? NaN : new Date(expiresAt).getTime();
      this.current = { token, until: Number.isNaN(end) ? Infinity : Math.max(end - earlyMs, (this.clock.now() + end) / 2) };
      return token;
    } catch (thrown) {
      throw new ApiError("token", thrown instanceof Error ? thrown.message : String(thrown));
    } finally {
      cancel();
    }
  }
}
