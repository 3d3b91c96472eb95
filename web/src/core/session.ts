import { signal, type ReadonlySignal } from "@preact/signals-core";
import { createApi, type Call } from "./api.js";
import { fullJitter } from "./backoff.js";
import { Desk, type Who } from "./desk.js";
import type { Env } from "./env.js";
import { asApiError, type ApiError } from "./error.js";
import { toUser } from "./frompb.js";
import type { Org, User } from "./model.js";
import { Rights } from "./rights.js";
import type { Tokens } from "./token.js";

export type SessionState =
  | { kind: "unknown" }
  /** The server could not be asked, or the host page gave no token. */
  | { kind: "unreachable"; error: ApiError }
  /** The page is of a site that the org, or every org, does not allow. */
  | { kind: "refused"; message: string }
  | { kind: "out" }
  /** The password was right; a code is still to come. */
  | { kind: "code"; challenge: string }
  /** A second factor must be set up before anything else. */
  | { kind: "enrol"; user: User; org: Org }
  | { kind: "in"; desk: Desk };

/** What is shown as a second factor: one of the two. */
export type CodeShown = { code: string } | { recoveryCode: string };

export interface SessionOptions {
  /** The host page's tokens, where a page of another origin signs its user in. */
  tokens?: Tokens;
  /** Whether the page may call at all: asked when no answer came. */
  mayCall?: () => Promise<boolean>;
}

// How soon it is tried again by itself, on a page whose user cannot sign in here.
const pauses = [2_000, 120_000] as const;

/** Who is signed in. Everything that belongs to the user hangs on the desk. */
export class Session {
  readonly call: Call;
  private readonly current = signal<SessionState>({ kind: "unknown" });
  private attempt = 0;
  private cancelRetry = (): void => undefined;
  private asking: Promise<boolean> | undefined;

  constructor(
    private readonly env: Env,
    private readonly options: SessionOptions = {},
  ) {
    const { tokens } = options;
    this.call = createApi(env, {
      ...(tokens ? { tokens } : {}),
      onUnauthenticated: () => this.lost(),
      onShut: (error) => void this.shut(error),
    });
  }

  get state(): ReadonlySignal<SessionState> {
    return this.current;
  }

  /** Asks the server who this browser is. */
  async resume(): Promise<void> {
    this.cancelRetry();
    try {
      const answer = await this.call("AuthService/GetSession", {});
      this.attempt = 0;
      const [user, org] = [toUser(answer.user), { id: answer.org?.id ?? "", name: answer.org?.name ?? "" }];
      if (answer.mustEnrol) this.current.value = { kind: "enrol", user, org };
      else this.sitDown({ user, org, colleagues: (answer.colleagues ?? []).map(toUser), rights: new Rights(answer.rights ?? {}, user.id) });
    } catch (thrown) {
      await this.failed(asApiError(thrown));
    }
  }

  async logIn(email: string, password: string): Promise<void> {
    const answer = await this.call("AuthService/LogIn", { email, password });
    if (answer.secondFactorRequired) this.challenged(answer.challenge ?? "");
    else await this.resume();
  }

  /** The first step of signing in is done, here or at an org's provider. */
  challenged(challenge: string): void {
    this.stop();
    this.current.value = { kind: "code", challenge };
  }

  /** The second step. What it throws with code unauthenticated begins again. */
  async verify(shown: CodeShown): Promise<void> {
    const { value } = this.current;
    if (value.kind !== "code") return;
    await this.call("AuthService/VerifyCode", { challenge: value.challenge, ...shown });
    await this.resume();
  }

  /** Back to the first step. */
  startOver(): void {
    this.lost();
  }

  async logOut(): Promise<void> {
    await this.call("AuthService/LogOut", {});
    this.lost();
  }

  /** The host page has another user, or a new token for the same one. */
  async renew(): Promise<void> {
    this.options.tokens?.drop();
    await this.resume();
  }

  /** The page is going; the sign-in stays. */
  leave(): void {
    this.stop();
    this.current.value = { kind: "unknown" };
  }

  private async failed(error: ApiError): Promise<void> {
    if (error.code === "unauthenticated") this.lost();
    else if (!(await this.shut(error))) {
      // What is on screen stays there: it says by itself that it may be old.
      if (this.current.value.kind !== "in") this.current.value = { kind: "unreachable", error };
      this.retry();
    }
  }

  /** Ends the session if the page may not call; whether it did. */
  private async shut(error: ApiError): Promise<boolean> {
    if (error.reason === "origin_not_allowed") {
      this.refuse(error.message);
      return true;
    }
    const { mayCall } = this.options;
    if (error.code !== "network" || !mayCall) return false;
    // Many calls fail at once: the question is one.
    this.asking ??= mayCall()
      .catch(() => true)
      .finally(() => (this.asking = undefined));
    const may = await this.asking;
    if (!may) this.refuse("");
    return !may;
  }

  private retry(): void {
    if (!this.options.tokens) return;
    const [base, cap] = pauses;
    this.cancelRetry = this.env.clock.after(base + fullJitter(this.attempt++, base, cap, this.env.random), () => void this.resume());
  }

  private refuse(message: string): void {
    this.stop();
    this.current.value = { kind: "refused", message };
  }

  /** The session ended: here, on another page, by its age, or by a rule. */
  private lost(closedBy = ""): void {
    // A host page's user stays signed in there, and gets a new sign-in here.
    if (closedBy === "SignedOut" && this.options.tokens) return void this.renew();
    if (closedBy === "Policy") return this.refuse("");
    if (closedBy === "AccessChanged") return this.afresh();
    const { kind } = this.current.value;
    this.stop();
    if (kind !== "out") this.current.value = { kind: "out" };
  }

  /** What the user may see has changed: nothing that was on screen stays, but drafts. */
  private afresh(): void {
    this.leave();
    void this.resume();
  }

  private stop(): void {
    this.cancelRetry();
    const { value } = this.current;
    if (value.kind === "in") value.desk.stop();
  }

  private sitDown(who: Who): void {
    const before = this.current.value;
    if (before.kind === "in") {
      if (before.desk.user.id === who.user.id) return before.desk.socket.start();
      before.desk.stop();
    }
    const desk: Desk = new Desk(this.env, this.call, who, (closedBy) => {
      if (this.current.value.kind === "in" && this.current.value.desk === desk) this.lost(closedBy);
    });
    this.current.value = { kind: "in", desk };
    desk.start();
  }
}
