import { signal, type ReadonlySignal, type Signal } from "@preact/signals-core";
import type { Env } from "./env.js";

const settleMs = 300;

/** What a user has written and not sent, by conversation. Survives a reload. */
export class Drafts {
  private readonly prefix: string;
  private readonly drafts = new Map<string, Signal<string>>();
  private readonly unsaved = new Set<string>();
  private cancel: (() => void) | undefined;

  constructor(
    private readonly env: Pick<Env, "clock" | "storage">,
    userId: string,
  ) {
    this.prefix = `converse:draft:${userId}:`;
  }

  of(conversationId: string): ReadonlySignal<string> {
    return this.draft(conversationId);
  }

  /** Whether a reply or a note stands in a conversation. */
  unsent(conversationId: string): boolean {
    return [conversationId, noteKey(conversationId)].some((key) => this.draft(key).value.trim() !== "");
  }

  set(conversationId: string, text: string): void {
    this.draft(conversationId).value = text;
    this.unsaved.add(conversationId);
    this.cancel ??= this.env.clock.after(settleMs, () => this.save());
  }

  /** Puts texts behind what is there: a reply that was taken back must not be lost. */
  append(conversationId: string, texts: readonly string[]): void {
    const before = this.draft(conversationId).value;
    this.set(conversationId, [before, ...texts].filter((text) => text !== "").join("\n"));
    this.save();
  }

  /** Writes what has not been written yet, before the page goes. */
  save(): void {
    this.cancel?.();
    this.cancel = undefined;
    for (const id of this.unsaved) {
      const text = this.draft(id).value;
      if (text.trim() === "") this.env.storage.remove(this.prefix + id);
      else this.env.storage.set(this.prefix + id, text);
    }
    this.unsaved.clear();
  }

  private draft(conversationId: string): Signal<string> {
    let draft = this.drafts.get(conversationId);
    if (!draft) {
      draft = signal(this.env.storage.get(this.prefix + conversationId) ?? "");
      this.drafts.set(conversationId, draft);
    }
    return draft;
  }
}

/** Drafts of notes have keys of their own, so that one is never taken for the other. */
export function noteKey(conversationId: string): string {
  return `note:${conversationId}`;
}
