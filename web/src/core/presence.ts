import { signal, type ReadonlySignal, type Signal } from "@preact/signals-core";
import type { EventJson, PresenceJson, TypingJson } from "../gen/converse/v1/socket_pb.js";
import type { Env } from "./env.js";

export type PresenceState = "online" | "idle" | "offline";

// Signs expire by themselves: of pressing keys, and of a draft that stands there, which
// is said again every ten seconds.
const writingLifeMs = 5_000;
const replyingLifeMs = 25_000;

/** What a colleague is doing in a conversation. */
export interface Writer {
  name: string;
  /** Keys are being pressed; otherwise a draft stands there. */
  writing: boolean;
}

/** Who is there, and who is writing where. Nothing of it is kept. */
export class Presence {
  private readonly states = new Map<string, Signal<PresenceState>>();
  private readonly writers = new Map<string, Signal<ReadonlyMap<string, Writer>>>();
  private readonly expiries = new Map<string, () => void>();

  constructor(
    private readonly clock: Env["clock"],
    private readonly me: () => string,
  ) {}

  of(userId: string): ReadonlySignal<PresenceState> {
    return this.state(userId);
  }

  /** Colleagues who are replying in a conversation, by user id. */
  repliers(conversationId: string): ReadonlySignal<ReadonlyMap<string, Writer>> {
    return this.replying(conversationId);
  }

  /** Takes the whole roster: whoever is not named is offline. */
  replace(present: readonly PresenceJson[]): void {
    const named = new Map(present.map((p) => [p.userId ?? "", toState(p.state)]));
    for (const id of this.states.keys()) this.come(id, named.get(id) ?? "offline");
    for (const [id, state] of named) this.come(id, state);
  }

  apply(events: readonly EventJson[]): void {
    for (const { presence, typing, message } of events) {
      if (presence) this.come(presence.userId ?? "", toState(presence.state));
      if (typing && typing.userId !== this.me()) this.hear(typing);
      // The message itself ends the writing. A note is no reply.
      const { authorId = "", conversationId = "", direction } = message?.message ?? {};
      if (authorId !== "" && direction === "outbound") this.rest(conversationId, authorId);
    }
  }

  private come(userId: string, state: PresenceState): void {
    this.state(userId).value = state;
    if (state !== "offline") return;
    for (const conversationId of this.writers.keys()) this.rest(conversationId, userId);
  }

  private hear({ conversationId = "", userId = "", userName = "", state }: TypingJson): void {
    if (state === "stopped") this.rest(conversationId, userId);
    else this.write(conversationId, userId, { name: userName, writing: state !== "replying" });
  }

  // Keys that are no longer pressed leave a draft behind, until that is said to be gone.
  private write(conversationId: string, userId: string, writer: Writer): void {
    const key = `${conversationId}/${userId}`;
    this.expiries.get(key)?.();
    const { name, writing } = writer;
    const next = writing
      ? () => this.write(conversationId, userId, { name, writing: false })
      : () => this.rest(conversationId, userId);
    this.expiries.set(key, this.clock.after(writing ? writingLifeMs : replyingLifeMs, next));
    const repliers = this.replying(conversationId);
    const before = repliers.value.get(userId);
    if (before?.name !== name || before.writing !== writing) repliers.value = new Map(repliers.value).set(userId, writer);
  }

  private rest(conversationId: string, userId: string): void {
    const key = `${conversationId}/${userId}`;
    this.expiries.get(key)?.();
    this.expiries.delete(key);
    const repliers = this.writers.get(conversationId);
    if (!repliers?.value.has(userId)) return;
    const others = new Map(repliers.value);
    others.delete(userId);
    repliers.value = others;
  }

  private state(userId: string): Signal<PresenceState> {
    let state = this.states.get(userId);
    if (!state) this.states.set(userId, (state = signal<PresenceState>("offline")));
    return state;
  }

  private replying(conversationId: string): Signal<ReadonlyMap<string, Writer>> {
    let repliers = this.writers.get(conversationId);
    if (!repliers) this.writers.set(conversationId, (repliers = signal<ReadonlyMap<string, Writer>>(new Map())));
    return repliers;
  }
}

function toState(text: string | undefined): PresenceState {
  return text === "online" || text === "idle" ? text : "offline";
}
