import { effect } from "@preact/signals-core";
import { describe, expect, test } from "vitest";
import { Store } from "../../src/core/store.js";
import type { EventJson } from "../../src/gen/converse/v1/socket_pb.js";
import type { ConversationJson, MessageJson } from "../../src/gen/converse/v1/types_pb.js";

/** A repeatable source of chance (mulberry32). */
function chance(seed: number): () => number {
  return () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

function shuffled<T>(list: readonly T[], random: () => number): T[] {
  const out = [...list];
  for (let i = out.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [out[i], out[j]] = [out[j] as T, out[i] as T];
  }
  return out;
}

const conversationId = "c1";

function conversation(version: number, more: Partial<ConversationJson> = {}): ConversationJson {
  return { id: conversationId, leadName: `name ${version}`, channel: "whatsapp", version, lastSeq: version, ...more };
}

function message(seq: number, more: Partial<MessageJson> = {}): MessageJson {
  return { id: `m${seq}`, conversationId, seq, direction: seq % 3 === 0 ? "inbound" : "outbound", status: "queued", text: `text ${seq}`, ...more };
}

/** The life of a conversation, as the server would tell it. */
function history(): EventJson[] {
  const events: EventJson[] = [];
  for (let seq = 1; seq <= 12; seq++) {
    const inbound = seq % 3 === 0;
    const media = seq === 6 ? [{ id: "f", state: "loading", version: 1 }] : [];
    events.push({
      message: {
        message: message(seq, { media, status: inbound ? "received" : "queued" }),
        conversation: conversation(seq, { inboundCount: Math.floor(seq / 3) }),
      },
    });
    if (inbound) continue;
    const reports = ["sending", "sent", "delivered", "read"].slice(0, 1 + (seq % 4));
    if (seq === 5) reports.push("failed");
    for (const [i, status] of reports.entries()) {
      const failure = status === "failed" ? { failure: { text: "no such number" } } : {};
      events.push({ tick: { conversationId, messageId: `m${seq}`, seq, status, at: `2026-01-01T00:00:0${i}Z`, ...failure } });
    }
  }
  for (const [i, state] of ["failed", "loading", "ready", "expired"].entries()) {
    events.push({
      message: {
        message: message(6, { status: "received", media: [{ id: "f", state, size: 7, version: 2 + i }] }),
        conversation: conversation(12, { inboundCount: 4 }),
      },
    });
  }
  events.push({ conversation: conversation(13, { lastSeq: 12, inboundCount: 4, ownerId: "u2" }) });
  for (const [seq, inboundRead] of [[3, 1], [9, 3], [6, 2]] as const) events.push({ read: { conversationId, seq, inboundRead } });
  return events;
}

function picture(store: Store): unknown {
  const chat = store.get(conversationId);
  return {
    data: chat?.data.value,
    marker: chat?.marker.value,
    unread: chat?.unread.value,
    last: chat?.last.value?.id,
    messages: chat?.thread.list.value.map((e) => [e.seq, e.status.value, e.failure.value, e.media.value, e.message.text]),
  };
}

function told(events: readonly EventJson[]): Store {
  const store = new Store();
  // The thread is open: everything from the first message on is of interest.
  store.putAnswer({ id: conversationId, channel: "whatsapp" });
  store.putPage(conversationId, [], 1);
  for (const event of events) store.apply([event]);
  return store;
}

describe("store", () => {
  test("ends in the same picture, whatever the order and however often", () => {
    const events = history();
    const wanted = picture(told(events));
    for (let seed = 1; seed <= 200; seed++) {
      const random = chance(seed);
      const repeats = events.filter(() => random() < 0.5);
      expect(picture(told(shuffled([...events, ...repeats], random))), `seed ${seed}`).toEqual(wanted);
    }
  });

  test("ends in the same picture in one batch or in many", () => {
    const store = new Store();
    store.putAnswer({ id: conversationId, channel: "whatsapp" });
    store.putPage(conversationId, [], 1);
    store.apply(history());
    expect(picture(store)).toEqual(picture(told(history())));
  });

  test("a late snapshot undoes nothing", () => {
    const store = told(history());
    const before = picture(store);
    store.putAnswer(conversation(4, { lastMessage: message(4), inboundCount: 1, readSeq: 1, inboundRead: 0 }));
    store.putPage(conversationId, [], 1);
    expect(picture(store)).toEqual(before);
  });

  test("keeps a tick that comes before its message", () => {
    const store = new Store();
    store.apply([{ tick: { conversationId, messageId: "m1", seq: 1, status: "delivered" } }]);
    store.apply([{ message: { message: message(1), conversation: conversation(1) } }]);
    expect(store.get(conversationId)?.last.value?.status.value).toBe("delivered");
  });

  test("repaints one tick for one tick", () => {
    const store = told(history());
    const [entry] = store.get(conversationId)?.thread.list.value ?? [];
    let lists = 0;
    let ticks = 0;
    effect(() => void (store.get(conversationId)?.thread.list.value && lists++));
    effect(() => void (entry?.status.value && ticks++));
    store.apply([{ tick: { conversationId, messageId: "m1", seq: 1, status: "read" } }]);
    expect([lists, ticks]).toEqual([1, 2]);
  });

  test("counts unread by the lead's messages beyond the marker", () => {
    const store = new Store();
    const chat = store.putAnswer(conversation(5, { inboundCount: 5, readSeq: 2, inboundRead: 2 }));
    expect(chat.unread.value).toBe(3);
    store.apply([{ message: { message: message(6, { direction: "inbound" }), conversation: conversation(6, { inboundCount: 6 }) } }]);
    expect(chat.unread.value, "an event does not carry the marker and must not lower it").toBe(4);
    store.apply([{ read: { conversationId, seq: 6, inboundRead: 6 } }, { read: { conversationId, seq: 3, inboundRead: 3 } }]);
    expect(chat.unread.value).toBe(0);
  });

  test("knows no marker until the server told one", () => {
    const store = new Store();
    store.apply([{ message: { message: message(6, { direction: "inbound" }), conversation: conversation(6, { inboundCount: 6 }) } }]);
    expect(store.get(conversationId)?.marker.value).toBeUndefined();
    expect(store.get(conversationId)?.unread.value).toBe(0);
  });

  test("keeps only the newest message of a conversation that is not open", () => {
    const store = new Store();
    for (let seq = 1; seq <= 100; seq++) store.apply([{ message: { message: message(seq), conversation: conversation(seq) } }]);
    const thread = store.get(conversationId)?.thread;
    expect([thread?.get(99), thread?.get(100)?.seq, thread?.list.value]).toEqual([undefined, 100, []]);
  });
});
