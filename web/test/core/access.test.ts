import { describe, expect, test } from "vitest";
import type { Desk } from "../../src/core/desk.js";
import { Session } from "../../src/core/session.js";
import { Store } from "../../src/core/store.js";
import { FakeBrowser, settle } from "./fakes.js";

const conversation = { id: "c1", leadId: "l1", leadName: "Asha Rao", channel: "sms", version: 1, lastSeq: 1 };

function deskOf(session: Session): Desk {
  if (session.state.value.kind !== "in") throw new Error(`the session is ${session.state.value.kind}`);
  return session.state.value.desk;
}

describe("access", () => {
  test("a session whose access changed forgets everything but drafts, and begins afresh", async () => {
    const browser = new FakeBrowser();
    const env = browser.page();
    env.post = async (url) => {
      const answers: Record<string, unknown> = { GetSession: { user: { id: "u1" }, org: {} }, CreateTicket: { ticket: "t" } };
      return new Response(JSON.stringify(answers[url.split("/").at(-1) ?? ""] ?? {}));
    };
    const session = new Session(env);
    await session.resume();
    const before = deskOf(session);
    await settle();
    before.store.putAnswer(conversation);
    before.drafts.set("c1", "I will");
    browser.wires.at(-1)?.handlers.onClose(4004);
    await settle();
    const after = deskOf(session);
    expect(after).not.toBe(before);
    expect(after.store.all.value).toEqual([]);
    expect(after.drafts.of("c1").value).toBe("I will");
    await settle();
    expect(browser.wires).toHaveLength(2);
  });

  test("what passed out of sight is gone", () => {
    const store = new Store();
    store.putAnswer(conversation);
    store.putAnswer({ ...conversation, id: "c2" });
    store.putAnswer({ ...conversation, id: "c3", leadId: "l2" });
    expect(store.remove({ conversationId: "c3" })).toEqual(["c3"]);
    expect(store.remove({ leadId: "l1" })).toEqual(["c1", "c2"]);
    expect(store.all.value).toEqual([]);
    expect(store.remove({ conversationId: "c3" })).toEqual([]);
  });
});
