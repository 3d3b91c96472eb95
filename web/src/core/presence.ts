import { signal, type ReadonlySignal, type Signal } from "@preact/signals-core";
import type { EventJson, PresenceJson } from "../gen/converse/v1/socket_pb.js";
import type { Env } from "./env.js";

export type PresenceState = "online" | "idle" | "offline";

// A colleague who stops writing says nothing; the sign expires by itself.
const typingLifeMs = 5_000;

/** Who is there, and who is writing where. Nothing of it is kept. */
export class Presence {
  private readonly states = new Map<string, Signal<PresenceState>>();
  private readonly writers = new Map<string, Signal<ReadonlyMap<string, string>>>();
  private readonly expiries = new Map<string, () => void>();

  constructor(
    private readonly clock: Env["clock"],
    private readonly me: () => string,
  ) {}

  of(userId: string): ReadonlySignal<PresenceState> {
    return this.state(userId);
  }

  /** Names of colleagues who are writing in a conversation, by user id. */
  typists(conversationId: string): ReadonlySignal<ReadonlyMap<string, string>> {
    return this.writing(conversationId);
  }

  /** Takes the whole roster: whoever is not named is offline. */
  replace(present: readonly PresenceJson[]): void {
    const named = new Map(present.map((p) => [p.userId ?? "", toState(p.state)]));
    for (const [id, state] of this.states) state.value = named.get(id) ?? "offline";
    for (const [id, state] of named) this.state(id).value = state;
  }

  apply(events: readonly EventJson[]): void {
    for (const { presence, typing, message } of events) {
      if (presence) this.state(presence.userId ?? "").value = toState(presence.state);
      if (typing && typing.userId !== this.me()) {
        this.write(typing.conversationId ?? "", typing.userId ?? "", typing.userName ?? "");
      }
      // The message itself ends the writing.
      if (message?.message?.authorId) this.rest(message.message.conversationId ?? "", message.message.authorId);
    }
  }

  private write(conversationId: string, userId: string, name: string): void {
    const key = `${conversationId}/${userId}`;
    this.expiries.get(key)?.();
    this.expiries.set(
      key,
      this.clock.after(typingLifeMs, () => this.rest(conversationId, userId)),
    );
    const writing = this.writing(conversationId);
    if (writing.value.get(userId) !== name) writing.value = new Map(writing.value).set(userId, name);
  }

  private rest(conversationId: string, userId: string): void {
    const key = `${conversationId}/${userId}`;
    this.expiries.get(key)?.();
    this.expiries.delete(key);
    const writing = this.writers.get(conversationId);
    if (!writing?.value.has(userId)) return;
    const others = new Map(writing.value);
    others.delete(userId);
    writing.value = others;
  }

  private state(userId: string): Signal<PresenceState> {
    let state = this.states.get(userId);
    if (!state) this.states.set(userId, (state = signal<PresenceState>("offline")));
    return state;
  }

  private writing(conversationId: string): Signal<ReadonlyMap<string, string>> {
    let writing = this.writers.get(conversationId);
    if (!writing) this.writers.set(conversationId, (writing = signal<ReadonlyMap<string, string>>(new Map())));
    return writing;
  }
}

function toState(text: string | undefined): PresenceState {
  return text === "online" || text === "idle" ? text : "offline";
}
