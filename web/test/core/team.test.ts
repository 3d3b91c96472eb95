import { describe, expect, it } from "vitest";
import { matching, mentionBefore, mentionsIn } from "../../src/core/mentions.js";
import { noMark } from "../../src/core/model.js";
import { noticeOf } from "../../src/core/notice.js";
import { Presence } from "../../src/core/presence.js";
import { snoozeChoices } from "../../src/core/snooze.js";
import { Store } from "../../src/core/store.js";
import { FakeClock } from "./fakes.js";

const person = (id: string, name: string, sees = true) => ({ id, name, role: "sales_user", sees, mayTake: true });
const team = [person("1", "Jonas Weber"), person("2", "Jonas W"), person("3", "Ines Carvalho"), person("4", "Ada Blind", false)];

describe("mentions", () => {
  it("finds whole names, the longest first, and nobody who cannot see the lead", () => {
    expect(mentionsIn("@Jonas Weber and @Ada Blind", team)).toEqual(["1"]);
    expect(mentionsIn("@Jonas W, look", team)).toEqual(["2"]);
    expect(mentionsIn("@Ines Carvalhosa", team)).toEqual([]);
    expect(mentionsIn("mail@Ines", team)).toEqual([]);
  });

  it("knows the word being typed after @, and no address", () => {
    expect(mentionBefore("ask @jon", 8)).toEqual({ from: 4, word: "jon" });
    expect(mentionBefore("mira@example", 12)).toBeUndefined();
    expect(mentionBefore("@", 1)).toEqual({ from: 0, word: "" });
    expect(matching(team, "we").map(({ id }) => id)).toEqual(["1"]);
    expect(matching(team, "").at(-1)?.id).toBe("4");
  });
});

describe("snoozeChoices", () => {
  it("offers times to come in the user's own day", () => {
    const friday = new Date(2026, 10, 27, 10, 2);
    expect(snoozeChoices(friday).map(({ key, at }) => [key, at.getDay(), at.getHours()])).toEqual([
      ["hours", 5, 13],
      ["evening", 5, 18],
      ["tomorrow", 6, 9],
      ["monday", 1, 9],
    ]);
    expect(snoozeChoices(new Date(2026, 10, 29, 20, 0)).map(({ key }) => key)).toEqual(["hours", "tomorrow"]);
  });
});

describe("who is replying", () => {
  const setup = () => {
    const clock = new FakeClock();
    const presence = new Presence(clock, () => "me");
    const shown = () => [...presence.repliers("c").value.values()].map(({ name, writing }) => `${name} ${writing ? "writes" : "replies"}`);
    const say = (state: string) => presence.apply([{ typing: { conversationId: "c", userId: "j", userName: "Jonas", state } }]);
    return { clock, presence, shown, say };
  };

  it("stays while the draft does, and goes when it is said to be gone", async () => {
    const { clock, shown, say } = setup();
    say("writing");
    expect(shown()).toEqual(["Jonas writes"]);
    await clock.advance(6_000);
    expect(shown()).toEqual(["Jonas replies"]);
    await clock.advance(20_000);
    say("replying");
    await clock.advance(20_000);
    expect(shown()).toEqual(["Jonas replies"]);
    say("stopped");
    expect(shown()).toEqual([]);
  });

  it("ends by silence, by going offline and by the message, and not by a note", async () => {
    const { clock, presence, shown, say } = setup();
    say("replying");
    await clock.advance(26_000);
    expect(shown()).toEqual([]);
    say("replying");
    presence.apply([{ presence: { userId: "j", state: "offline" } }]);
    expect(shown()).toEqual([]);
    say("replying");
    presence.apply([{ message: { message: { conversationId: "c", authorId: "j", direction: "internal" } } }]);
    expect(shown()).toEqual(["Jonas replies"]);
    presence.apply([{ message: { message: { conversationId: "c", authorId: "j", direction: "outbound" } } }]);
    expect(shown()).toEqual([]);
  });
});

describe("marks", () => {
  it("keep the highest version, and are taken away by reading", () => {
    const store = new Store();
    store.apply([{ mark: { conversationId: "c", mentionSeq: 2, namedSeq: 2, version: 3 } }]);
    const chat = store.putAnswer({ id: "c", version: 1, lastSeq: 2 });
    expect(chat.calls.value).toBe(true);
    store.apply([{ mark: { conversationId: "c", version: 2 } }]);
    expect(chat.calls.value).toBe(true);
    store.markRead("c", 2);
    expect(chat.calls.value).toBe(false);
  });

  it("tell the user of what is new and nothing twice", () => {
    expect(noticeOf({ conversationId: "c", mentionSeq: 2, byId: "j", version: 1 }, noMark)?.kind).toBe("mention");
    expect(noticeOf({ conversationId: "c", mentionSeq: 2, version: 1 }, { ...noMark, version: 1 })).toBeUndefined();
    expect(noticeOf({ conversationId: "c", unread: true, why: "marked", version: 1 }, noMark)).toBeUndefined();
    expect(noticeOf({ conversationId: "c", unread: true, why: "given", byId: "j", version: 1 }, noMark)?.kind).toBe("given");
  });
});

describe("a note that is changed", () => {
  it("shows the latest revision, in whatever order they come", () => {
    const store = new Store();
    const note = (revision: number, text: string) => ({ id: "n", conversationId: "c", seq: 1, direction: "internal", kind: "note", status: "noted", text, revision });
    store.putAnswer({ id: "c", version: 1, lastSeq: 1, lastMessage: note(0, "one") });
    store.apply([{ message: { message: note(2, "three"), conversation: { id: "c", version: 1, lastSeq: 1 } } }]);
    store.apply([{ message: { message: note(1, "two"), conversation: { id: "c", version: 1, lastSeq: 1 } } }]);
    expect(store.get("c")?.last.value?.latest.text).toBe("three");
    expect(store.get("c")?.last.value?.message.internal).toBe(true);
  });
});
