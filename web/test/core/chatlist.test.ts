import { signal } from "@preact/signals-core";
import { describe, expect, it } from "vitest";
import { ChatList, type Filter } from "../../src/core/chatlist.js";
import { Store } from "../../src/core/store.js";

/** A conversation last written in at this minute; 0 for one without a message. */
function conversation(id: string, minute: number) {
  const lastMessage = {
    id: `m-${id}`,
    conversationId: id,
    seq: 1,
    direction: "inbound",
    status: "received",
    createdAt: `2026-11-03T12:${String(minute).padStart(2, "0")}:00Z`,
  };
  return { id, ownerId: "mira", version: 1, ...(minute > 0 ? { lastMessage, lastSeq: 1, inboundCount: 1 } : {}) };
}

function setup(filter: Filter = "all") {
  const store = new Store();
  const active = signal("");
  const drafts = new Map<string, ReturnType<typeof signal<string>>>();
  const draftOf = (id: string) => {
    if (!drafts.has(id)) drafts.set(id, signal(""));
    return drafts.get(id) as ReturnType<typeof signal<string>>;
  };
  const now = signal(Date.parse("2026-11-03T13:00:00Z"));
  const list = new ChatList(filter, "", { now, call: (() => Promise.reject()) as never, store, userId: "mira", active, draftOf: draftOf as never, onAnswer: () => undefined });
  return { store, active, now, draftOf, ids: () => list.rows.value.map((chat) => chat.id) };
}

describe("ChatList", () => {
  it("puts the conversation written in last first", () => {
    const { store, ids } = setup();
    for (const [id, minute] of [["a", 2], ["b", 9], ["c", 5]] as const) store.putAnswer(conversation(id, minute));
    expect(ids()).toEqual(["b", "c", "a"]);
  });

  it("shows a conversation about to begin on top, and only while it is on screen or has a draft", () => {
    const { store, active, draftOf, ids } = setup();
    store.putAnswer(conversation("old", 2));
    store.putAnswer(conversation("empty", 0));
    expect(ids()).toEqual(["old"]);
    active.value = "empty";
    expect(ids()).toEqual(["empty", "old"]);
    active.value = "";
    draftOf("empty").value = "Good morn";
    expect(ids()).toEqual(["empty", "old"]);
  });

  it("keeps the conversation on screen among the unread after it was read", () => {
    const { store, active, ids } = setup("unread");
    store.putAnswer(conversation("one", 2));
    store.putAnswer(conversation("two", 1));
    expect(ids()).toEqual(["one", "two"]);
    active.value = "two";
    store.markRead("two", 1);
    store.markRead("one", 1);
    expect(ids()).toEqual(["two"]);
  });
});
