import { describe, expect, it } from "vitest";
import type { Call } from "../../src/core/api.js";
import { ApiError } from "../../src/core/error.js";
import { Store } from "../../src/core/store.js";
import { keepTabs, mostTabs, Tabs } from "../../src/core/tabs.js";
import { FakeBrowser, FakeStorage, settle } from "./fakes.js";

function setup(storage = new FakeStorage()) {
  const drafts = new Set<string>();
  const load = (userId = "mira") => new Tabs({ storage, userId, unsent: (id) => drafts.has(id) });
  return { storage, drafts, load, tabs: load() };
}

const ten = Array.from({ length: mostTabs }, (_, i) => `c${i}`);

describe("tabs", () => {
  it("are one for each conversation, in the order of opening", () => {
    const { tabs } = setup();
    for (const id of ["a", "b", "a", "c"]) tabs.open(id);
    expect(tabs.ids.value).toEqual(["a", "b", "c"]);
  });

  it("close toward the next, then the previous, then nothing", () => {
    const { tabs } = setup();
    for (const id of ["a", "b", "c"]) tabs.open(id);
    expect(tabs.close("b")).toBe("c");
    expect(tabs.close("c")).toBe("a");
    expect(tabs.close("x")).toBe("");
    expect(tabs.close("a")).toBe("");
    expect(tabs.ids.value).toEqual([]);
  });

  it("are ten at most: the eleventh takes the place of the one used longest ago", () => {
    const { tabs } = setup();
    for (const id of ten) tabs.open(id);
    tabs.open("c0");
    expect(tabs.open("new")).toBe(true);
    expect(tabs.ids.value).toEqual(["c0", "new", ...ten.slice(2)]);
  });

  it("keep what has a draft, and say when nothing can go", () => {
    const { tabs, drafts } = setup();
    for (const id of ten) tabs.open(id);
    drafts.add("c0").add("c1");
    tabs.open("new");
    expect(tabs.ids.value).toEqual(["c0", "c1", "new", ...ten.slice(3)]);
    for (const id of tabs.ids.value) drafts.add(id);
    const before = tabs.ids.value;
    expect(tabs.open("one more")).toBe(false);
    expect(tabs.ids.value).toEqual(before);
    expect(tabs.open("c9")).toBe(true);
  });

  it("survive a reload with the order of use, for this user alone", () => {
    const { tabs, load } = setup();
    for (const id of ten) tabs.open(id);
    tabs.open("c0");
    const again = load();
    expect(again.ids.value).toEqual(ten);
    again.open("new");
    expect(again.ids.value).toContain("c0");
    expect(again.ids.value).not.toContain("c1");
    expect(load("jonas").ids.value).toEqual([]);
  });

  it("leave nothing behind when the last is closed", () => {
    const { tabs, storage } = setup();
    tabs.open("a");
    expect(storage.map.size).toBe(1);
    tabs.close("a");
    expect(storage.map.size).toBe(0);
  });
});

describe("what tabs show", () => {
  const desk = (answers: Record<string, "here" | "not_found" | "unavailable" | "unauthenticated">) => {
    const browser = new FakeBrowser();
    const { tabs } = setup(browser.storage);
    for (const id of Object.keys(answers)) tabs.open(id);
    const store = new Store();
    const asked: string[] = [];
    const call = (async (_method: string, { conversationId = "" }: { conversationId?: string }) => {
      asked.push(conversationId);
      const answer = answers[conversationId];
      if (answer !== "here") throw new ApiError(answer ?? "internal", "no");
      return { conversation: { id: conversationId, version: 1, leadName: "Elif Kaya", leadId: "l" } };
    }) as unknown as Call;
    const end = keepTabs(tabs, { call, env: browser.page(), ready: Promise.resolve(), store });
    return { browser, tabs, store, asked, end, answers };
  };

  it("is fetched after a reload, and what the user may not see any more is closed", async () => {
    const { tabs, store, browser, end } = desk({ a: "here", b: "not_found", c: "here" });
    await settle();
    expect(tabs.ids.value).toEqual(["a", "c"]);
    expect(store.get("a")?.data.value.leadName).toBe("Elif Kaya");
    expect([...browser.storage.map.values()].join()).not.toContain("Elif");
    end();
  });

  it("goes when access is lost or the lead is erased", async () => {
    const { tabs, store, answers, end } = desk({ a: "here", b: "here" });
    await settle();
    answers.a = answers.b = "not_found";
    store.remove({ conversationId: "a" });
    await settle();
    expect(tabs.ids.value).toEqual(["b"]);
    store.remove({ leadId: "l" });
    await settle();
    expect(tabs.ids.value).toEqual([]);
    end();
  });

  it("stays while the server cannot be asked, and comes when it can", async () => {
    const { browser, tabs, store, answers, end } = desk({ a: "unavailable", b: "unauthenticated" });
    await browser.clock.advance(1_000);
    expect(tabs.ids.value).toEqual(["a", "b"]);
    answers.a = answers.b = "here";
    await browser.clock.advance(10_000);
    expect(store.get("a")).toBeDefined();
    expect(store.get("b")).toBeDefined();
    end();
  });

  it("is asked for once, and not after the end", async () => {
    const { browser, asked, store, end } = desk({ a: "unavailable" });
    await settle();
    store.putAnswer({ id: "other", version: 1 });
    await settle();
    expect(asked).toEqual(["a"]);
    end();
    await browser.clock.advance(60_000);
    expect(asked).toEqual(["a"]);
    expect(browser.clock.pending).toBe(0);
  });
});
