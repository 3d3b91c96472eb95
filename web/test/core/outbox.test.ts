import { describe, expect, test } from "vitest";
import type { Call } from "../../src/core/api.js";
import { ApiError } from "../../src/core/error.js";
import { Outbox } from "../../src/core/outbox.js";
import type { OutboxItem } from "../../src/core/outboxitem.js";
import { FakeBrowser, settle } from "./fakes.js";

interface Request {
  clientId: string;
  conversationId: string;
  text: string;
  viewedSeq: number;
}

/** A server that stores a message once per client id. */
class FakeServer {
  readonly stored: Request[] = [];
  readonly calls: Request[] = [];
  readonly methods: string[] = [];
  /** Errors to answer with, one per call; undefined lets the call through. */
  script: (ApiError | "lost answer" | undefined)[] = [];
  private opens: (() => void)[] = [];
  private closed = false;

  /** Calls wait until open is called. */
  close(): void {
    this.closed = true;
  }

  open(): void {
    this.closed = false;
    for (const go of this.opens.splice(0)) go();
  }

  readonly call: Call = (async (method: string, request: Request) => {
    this.calls.push(request);
    this.methods.push(method);
    const planned = this.script.shift();
    if (this.closed) await new Promise<void>((resolve) => this.opens.push(resolve));
    if (planned instanceof ApiError) throw planned;
    let index = this.stored.findIndex((r) => r.clientId === request.clientId);
    if (index < 0) index = this.stored.push(request) - 1;
    if (planned === "lost answer") throw new ApiError("network", "cut off");
    return { message: { id: `m${index}`, seq: index + 1, clientId: request.clientId, conversationId: request.conversationId } };
  }) as unknown as Call;
}

function setup() {
  const browser = new FakeBrowser();
  const server = new FakeServer();
  const sent: string[] = [];
  const held: string[] = [];
  const page = () => {
    const outbox = new Outbox({
      env: browser.page(),
      call: server.call,
      userId: "u1",
      onSent: (message) => sent.push(message.clientId),
      onHeld: (id) => held.push(id),
      seenThrough: (_id, seq) => seq,
    });
    return outbox;
  };
  const text = (s: string) => ({ kind: "text" as const, text: s });
  const texts = () => server.stored.map((r) => r.text);
  return { browser, server, sent, held, page, text, texts, records: browser.recordsOf<OutboxItem>("outbox-u1") };
}

const stale = new ApiError("aborted", "newer messages", { reason: "stale_view", newer: 2 });
const network = new ApiError("network", "no network");

describe("outbox", () => {
  test("shows at once, keeps, sends and forgets", async () => {
    const { server, page, text, records } = setup();
    const outbox = page();
    server.close();
    outbox.add("c", text("hello"), 7);
    expect(outbox.items.value.map((i) => [i.content.text, i.state])).toEqual([["hello", "waiting"]]);
    await settle();
    expect(records.map.size).toBe(1);
    server.open();
    await settle();
    expect(server.stored).toMatchObject([{ text: "hello", viewedSeq: 7 }]);
    expect([outbox.items.value.length, records.map.size]).toEqual([0, 0]);
  });

  test("keeps the order of one conversation, one call at a time", async () => {
    const { server, page, text, texts } = setup();
    const outbox = page();
    server.close();
    for (const s of ["one", "two", "three"]) outbox.add("c", text(s), 1);
    await settle();
    expect(server.calls.length).toBe(1);
    server.open();
    await settle();
    expect(texts()).toEqual(["one", "two", "three"]);
  });

  test("hands a note to colleagues and never to the lead, whatever becomes of it", async () => {
    const { server, page, text, records } = setup();
    const note = { kind: "note" as const, text: "she is angry", mentionIds: ["j"] };
    server.script = [stale, undefined];
    const outbox = page();
    outbox.add("c", text("hello"), 1);
    outbox.add("c", note, 1);
    await settle();
    expect(server.methods).toEqual(["ConversationService/SendMessage", "ConversationService/AddNote"]);
    expect(server.calls[1]).toMatchObject({ text: "she is angry", mentionIds: ["j"] });
    expect(outbox.items.value.map((item) => item.content.kind)).toEqual(["text"]);

    server.script = [new ApiError("invalid_argument", "cannot see this lead")];
    const refused = outbox.add("c", note, 1);
    await settle();
    await outbox.release("c", 9);
    await outbox.retry(refused.clientId);
    await settle();
    expect(server.methods.slice(2)).toEqual(["ConversationService/AddNote", "ConversationService/SendMessage", "ConversationService/AddNote"]);
    expect(records.map.size).toBe(0);
  });

  test("takes back what was held and leaves notes alone", async () => {
    const { server, page, text } = setup();
    server.script = [stale];
    const outbox = page();
    outbox.add("c", text("hello"), 1);
    await settle();
    server.close();
    outbox.add("c", { kind: "note", text: "for us", mentionIds: [] }, 1);
    await settle();
    expect(await outbox.takeBack("c")).toEqual(["hello"]);
    server.open();
    await settle();
    expect(server.stored.map((r) => r.text)).toEqual(["for us"]);
  });

  test("does not let one conversation wait for another", async () => {
    const { browser, server, page, text, texts } = setup();
    server.script = [network];
    const outbox = page();
    outbox.add("a", text("stuck"), 1);
    await settle();
    outbox.add("b", text("free"), 1);
    await settle();
    expect(texts()).toEqual(["free"]);
    await browser.clock.advance(60_000);
    expect(texts()).toEqual(["free", "stuck"]);
  });

  test("sends once although the answer was lost", async () => {
    const { browser, server, page, text, texts } = setup();
    server.script = ["lost answer", "lost answer"];
    const outbox = page();
    outbox.add("c", text("once"), 1);
    await browser.clock.advance(120_000);
    expect(texts()).toEqual(["once"]);
    expect(new Set(server.calls.map((r) => r.clientId)).size).toBe(1);
    expect(outbox.items.value).toEqual([]);
  });

  test("survives a reload, in order", async () => {
    const { browser, server, page, text, texts } = setup();
    browser.online.value = false;
    const before = page();
    before.add("c", text("one"), 1);
    before.add("c", text("two"), 1);
    await settle();
    before.stop();
    expect(server.calls).toEqual([]);
    browser.online.value = true;
    const after = page();
    await after.start();
    await settle();
    expect(texts()).toEqual(["one", "two"]);
  });

  test("stays queued without a network and goes when it is back", async () => {
    const { browser, page, text, texts } = setup();
    browser.online.value = false;
    const outbox = page();
    outbox.add("c", text("later"), 1);
    await browser.clock.advance(60_000);
    expect(outbox.items.value.map((i) => i.state)).toEqual(["waiting"]);
    browser.online.value = true;
    outbox.flush();
    await settle();
    expect(texts()).toEqual(["later"]);
  });

  test("two pages never send the same item at the same time", async () => {
    const { server, page, text } = setup();
    const first = page();
    const second = page();
    server.close();
    first.add("c", text("one"), 1);
    first.add("c", text("two"), 1);
    await settle();
    await second.start();
    second.flush();
    await settle();
    expect(server.calls.length).toBe(1);
    server.open();
    await settle();
    expect(server.calls.map((r) => r.text)).toEqual(["one", "two"]);
    expect([first.items.value, second.items.value]).toEqual([[], []]);
  });

  test("one user's messages are not sent by another", async () => {
    const { browser, server, page, text } = setup();
    browser.online.value = false;
    page().add("c", text("mine"), 1);
    await settle();
    browser.online.value = true;
    const other = new Outbox({ env: browser.page(), call: server.call, userId: "u2", onSent: () => undefined, onHeld: () => undefined, seenThrough: (_c, s) => s });
    await other.start();
    await settle();
    expect(server.calls).toEqual([]);
  });

  test("holds a reply typed on a stale view, and what waits behind it", async () => {
    const { server, held, page, text, texts } = setup();
    server.script = [stale];
    const outbox = page();
    outbox.add("c", text("stale"), 3);
    outbox.add("c", text("behind"), 3);
    await settle();
    expect(outbox.items.value.map((i) => [i.state, i.problem?.newer])).toEqual([
      ["held", 2],
      ["waiting", undefined],
    ]);
    expect([server.calls.length, held]).toEqual([1, ["c"]]);
    await outbox.release("c", 5);
    await settle();
    expect(texts()).toEqual(["stale", "behind"]);
    expect(server.stored.map((r) => r.viewedSeq)).toEqual([5, 5]);
  });

  test("gives held texts back for the draft", async () => {
    const { server, page, text, records } = setup();
    server.script = [stale];
    const outbox = page();
    outbox.add("c", text("one"), 3);
    outbox.add("c", text("two"), 3);
    await settle();
    expect(await outbox.takeBack("c")).toEqual(["one", "two"]);
    expect([outbox.items.value.length, records.map.size, server.stored.length]).toEqual([0, 0, 0]);
  });

  test("shows what the server refuses with its reason, and goes on with the next", async () => {
    const { server, page, text, texts } = setup();
    server.script = [new ApiError("failed_precondition", "The window has closed.", { reason: "window_closed", reference: "r1" })];
    const outbox = page();
    const refused = outbox.add("c", text("no"), 1);
    outbox.add("c", text("yes"), 1);
    await settle();
    expect(texts()).toEqual(["yes"]);
    expect(outbox.items.value).toMatchObject([
      { state: "refused", problem: { reason: "window_closed", text: "The window has closed.", reference: "r1" } },
    ]);
    await outbox.retry(refused.clientId);
    await settle();
    expect(texts()).toEqual(["yes", "no"]);
  });

  test("asks the user after repeated faults of the server", async () => {
    const { browser, server, page, text } = setup();
    server.script = Array.from({ length: 9 }, () => new ApiError("internal", "Something went wrong.", { reference: "r2" }));
    const outbox = page();
    outbox.add("c", text("x"), 1);
    await browser.clock.advance(300_000);
    expect(server.calls.length).toBe(5);
    expect(outbox.items.value[0]).toMatchObject({ state: "refused", problem: { reference: "r2" } });
  });

  test("waits for the sign-in without asking again and again", async () => {
    const { browser, server, page, text } = setup();
    server.script = [new ApiError("unauthenticated", "sign in")];
    const outbox = page();
    outbox.add("c", text("x"), 1);
    await browser.clock.advance(300_000);
    expect(server.calls.length).toBe(1);
    expect(outbox.items.value.map((i) => i.state)).toEqual(["waiting"]);
  });

  test("an event that is quicker than the answer settles the item for good", async () => {
    const { browser, server, page, text, records } = setup();
    server.script = [network];
    const outbox = page();
    const item = outbox.add("c", text("x"), 1);
    await settle();
    await outbox.discard(item.clientId);
    await browser.clock.advance(120_000);
    expect([outbox.items.value.length, records.map.size, server.calls.length]).toEqual([0, 0, 1]);
  });

  test("loses nothing when the records are read while one is being written", async () => {
    const { page, text, records, texts } = setup();
    const outbox = page();
    let open = (): void => undefined;
    records.gate = new Promise((resolve) => (open = resolve));
    outbox.add("c", text("slow disk"), 1);
    await outbox.start();
    expect(outbox.items.value.length).toBe(1);
    open();
    await settle();
    expect(texts()).toEqual(["slow disk"]);
  });
});
