import { computed, signal, type ReadonlySignal } from "@preact/signals-core";
import type { ListConversationsResponseJson } from "../gen/converse/v1/conversation_pb.js";
import type { Call } from "./api.js";
import type { Channel } from "./model.js";
import type { Chat, Store } from "./store.js";
import { windowState } from "./window.js";

export type Filter = "all" | "mine" | "unread" | "unassigned" | "window_closing" | "snoozed" | "mentions";
export type ListState = "idle" | "loading" | "ready" | "failed";

export interface ChatListOptions {
  call: Call;
  store: Store;
  userId: string;
  now: ReadonlySignal<number>;
  /** The conversation on screen stays in the list although it has just been read. */
  active: ReadonlySignal<string>;
  draftOf(id: string): ReadonlySignal<string>;
  onAnswer(answer: ListConversationsResponseJson): void;
}

const pageSize = 50;
const mostPages = 6;

/** One filtered list of conversations in the filter's order, loaded by pages. */
export class ChatList {
  readonly rows: ReadonlySignal<readonly Chat[]>;
  private readonly current = signal<ListState>("idle");
  private readonly cursor = signal("");
  // Conversations behind the last page loaded may be known, but not all of them: showing
  // them would look like the end of the list.
  private readonly boundary = signal(Infinity);
  private pages = 0;
  private round = 0;

  constructor(
    private readonly filter: Filter,
    private readonly channel: Channel | "",
    private readonly options: ChatListOptions,
  ) {
    const place = places[filter] ?? newestFirst;
    this.rows = computed(() => {
      const upTo = this.boundary.value;
      return options.store.all.value
        .filter((chat) => this.holds(chat) && place(chat) <= upTo)
        .sort((a, b) => compare(place(a), place(b)) || (a.id < b.id ? 1 : -1));
    });
  }

  get state(): ReadonlySignal<ListState> {
    return this.current;
  }

  /** Whether there are pages that have not been loaded. */
  get more(): ReadonlySignal<string> {
    return this.cursor;
  }

  /** Loads the first page, unless that was done. A failure is a state, not an error. */
  async open(): Promise<void> {
    if (this.current.value === "idle" || this.current.value === "failed") await this.load().catch(() => undefined);
  }

  /** Loads the first page; rejects when that fails. */
  async load(): Promise<void> {
    await this.fetch("", 1);
  }

  async loadMore(): Promise<void> {
    if (this.cursor.value !== "" && this.current.value === "ready") {
      await this.fetch(this.cursor.value, 1).catch(() => undefined);
    }
  }

  /** Loads again what was loaded: something was missed. Returns the ids of what is there. */
  async refetch(): Promise<string[]> {
    return this.current.value === "idle" ? [] : this.fetch("", Math.min(Math.max(1, this.pages), mostPages));
  }

  private holds(chat: Chat): boolean {
    const data = chat.data.value;
    const { active, draftOf, now, userId } = this.options;
    if (this.channel !== "" && data.channel !== this.channel) return false;
    // The server lists no conversation without a message; here one is about to be written.
    if (!chat.last.value && chat.id !== active.value && draftOf(chat.id).value === "") return false;
    const snoozed = data.snoozedUntil > now.value;
    if (this.filter === "snoozed") return snoozed;
    if (this.filter === "mentions") return chat.mark.value.namedSeq > 0;
    // What asks for the user's eyes is not out of the way.
    const { unread, mentionSeq } = chat.mark.value;
    if (snoozed && chat.id !== active.value && !unread && mentionSeq === 0) return false;
    switch (this.filter) {
      case "mine":
        return data.ownerId === userId;
      case "unread":
        return chat.calls.value || chat.id === active.value;
      case "unassigned":
        return data.ownerId === "";
      case "window_closing":
        return windowState(data, now.value).kind === "closing";
      default:
        return true;
    }
  }

  private async fetch(from: string, pages: number): Promise<string[]> {
    const round = ++this.round;
    const ids: string[] = [];
    this.current.value = "loading";
    try {
      let cursor = from;
      const place = places[this.filter] ?? newestFirst;
      let last = from === "" ? -Infinity : this.boundary.value;
      if (from === "") this.pages = 0;
      for (let i = 0; i < pages; i++) {
        const answer = await this.options.call("ConversationService/ListConversations", {
          filter: this.filter,
          channel: this.channel,
          limit: pageSize,
          cursor,
        });
        if (round !== this.round) return this.rows.value.map((chat) => chat.id);
        const chats = (answer.conversations ?? []).map((json) => this.options.store.putAnswer(json));
        for (const chat of chats) last = Math.max(last, place(chat));
        ids.push(...chats.map((chat) => chat.id));
        this.options.onAnswer(answer);
        cursor = answer.nextCursor ?? "";
        this.pages++;
        if (cursor === "") break;
      }
      this.boundary.value = cursor === "" ? Infinity : last;
      this.cursor.value = cursor;
      this.current.value = "ready";
      return ids;
    } catch (error) {
      if (round === this.round) this.current.value = "failed";
      throw error;
    }
  }
}

/** Orders other than the newest message first; the lowest is on top. */
const places: Partial<Record<Filter, (chat: Chat) => number>> = {
  window_closing: (chat) => chat.data.value.windowExpiresAt,
  snoozed: (chat) => chat.data.value.snoozedUntil,
};

// By when something happened last; what is about to begin stands before everything.
function newestFirst(chat: Chat): number {
  const last = chat.last.value;
  return last ? -Math.max(last.message.createdAt, chat.data.value.activeAt) : -Infinity;
}

// Not a difference: two that are about to begin have none.
function compare(a: number, b: number): number {
  return a === b ? 0 : a < b ? -1 : 1;
}
