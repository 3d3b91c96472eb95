import { signal, type ReadonlySignal } from "@preact/signals-core";
import { createApi, type ApiOptions, type Call } from "./api.js";
import { Desk } from "./desk.js";
import type { Env } from "./env.js";
import { asApiError } from "./error.js";
import { toUser, type Org, type User } from "./model.js";

export type SessionState =
  | { kind: "unknown" }
  /** The server could not be asked. */
  | { kind: "unreachable"; message: string }
  | { kind: "out" }
  | { kind: "in"; desk: Desk };

/** Who is signed in. Everything that belongs to the user hangs on the desk. */
export class Session {
  readonly call: Call;
  private readonly current = signal<SessionState>({ kind: "unknown" });

  constructor(
    private readonly env: Env,
    options: Pick<ApiOptions, "getToken"> = {},
  ) {
    this.call = createApi(env, { ...options, onUnauthenticated: () => this.lost() });
  }

  get state(): ReadonlySignal<SessionState> {
    return this.current;
  }

  /** Asks the server who this browser is. */
  async resume(): Promise<void> {
    try {
      const answer = await this.call("AuthService/GetSession", {});
      this.sitDown(toUser(answer.user), { id: answer.org?.id ?? "", name: answer.org?.name ?? "" }, (answer.colleagues ?? []).map(toUser));
    } catch (thrown) {
      const error = asApiError(thrown);
      if (error.code === "unauthenticated") this.lost();
      else this.current.value = { kind: "unreachable", message: error.message };
    }
  }

  async logIn(email: string, password: string): Promise<void> {
    await this.call("AuthService/LogIn", { email, password });
    await this.resume();
  }

  async logOut(): Promise<void> {
    await this.call("AuthService/LogOut", {});
    this.lost();
  }

  /** The page is going; the sign-in stays. */
  leave(): void {
    const { value } = this.current;
    if (value.kind === "in") value.desk.stop();
    this.current.value = { kind: "unknown" };
  }

  /** The session ended: here, on another page, or by its age. */
  private lost(): void {
    const before = this.current.value;
    if (before.kind === "in") before.desk.stop();
    if (before.kind !== "out") this.current.value = { kind: "out" };
  }

  private sitDown(user: User, org: Org, colleagues: User[]): void {
    const before = this.current.value;
    if (before.kind === "in") {
      if (before.desk.user.id === user.id) return;
      before.desk.stop();
    }
    const desk = new Desk(this.env, this.call, { user, org, colleagues }, () => this.lost());
    this.current.value = { kind: "in", desk };
    desk.start();
  }
}
