import { describe, expect, test } from "vitest";
import { ApiError } from "../../src/core/error.js";
import { LiveSocket } from "../../src/core/socket.js";
import type { ServerFrameJson } from "../../src/gen/converse/v1/socket_pb.js";
import { FakeBrowser, settle, type FakeWire } from "./fakes.js";

function setup() {
  const browser = new FakeBrowser();
  const frames: ServerFrameJson[] = [];
  let tickets = 0;
  let refuse: ApiError | undefined;
  const socket = new LiveSocket({
    env: browser.page(),
    ticket: () => (refuse ? Promise.reject(refuse) : Promise.resolve(`ticket-${++tickets}`)),
    positions: () => [{ stream: "o:1", at: "e/7" }],
    onFrame: (frame) => frames.push(frame),
  });
  const wire = (): FakeWire => {
    const last = browser.wires.at(-1);
    if (!last) throw new Error("no connection was opened");
    return last;
  };
  const welcome = async () => {
    await settle();
    wire().handlers.onOpen();
    wire().handlers.onText(JSON.stringify({ welcome: { sessionId: "s" } }));
  };
  return { browser, socket, frames, wire, welcome, refuseTicket: (error?: ApiError) => (refuse = error) };
}

describe("socket", () => {
  test("says hello with a ticket and its positions, and is live with the welcome", async () => {
    const { socket, wire, welcome } = setup();
    socket.start();
    expect(socket.state.value).toBe("connecting");
    await welcome();
    expect(wire().sent).toEqual([{ hello: { ticket: "ticket-1", positions: [{ stream: "o:1", at: "e/7" }] } }]);
    expect(socket.state.value).toBe("live");
  });

  test.each([1001, 1006, 1011, 1012, 1013, 4000, 4002, 4007, 4008, 4009])("comes back after %d with a new ticket", async (code) => {
    const { browser, socket, wire, welcome } = setup();
    socket.start();
    await welcome();
    wire().handlers.onClose(code);
    expect(socket.state.value).toBe("waiting");
    for (let i = 0; i < 600 && browser.wires.length === 1; i++) await browser.clock.advance(100);
    await welcome();
    expect(socket.state.value).toBe("live");
    expect(wire().sent[0]).toMatchObject({ hello: { ticket: "ticket-2" } });
  });

  test.each([
    [1007, "NotUTF8"],
    [1009, "TooBig"],
    [4003, "SignedOut"],
    [4010, "BadFrame"],
    [4011, "TooManySessions"],
  ])("stays away after %d", async (code, name) => {
    const { browser, socket, wire, welcome } = setup();
    socket.start();
    await welcome();
    wire().handlers.onClose(code);
    expect([socket.state.value, socket.closedBy.value]).toEqual(["closed", name]);
    await browser.clock.advance(600_000);
    expect(browser.wires.length).toBe(1);
  });

  test("closes for good when nobody is signed in", async () => {
    const { socket, refuseTicket } = setup();
    refuseTicket(new ApiError("unauthenticated", "sign in"));
    socket.start();
    await settle();
    expect([socket.state.value, socket.closedBy.value]).toEqual(["closed", "Unauthenticated"]);
  });

  test("waits longer after each failure, with full jitter, and starts small again once steady", async () => {
    const { browser, socket, wire, welcome } = setup();
    browser.chance = 0.999;
    socket.start();
    await welcome();
    const waits: number[] = [];
    for (let i = 0; i < 4; i++) {
      wire().handlers.onClose(1006);
      const before = browser.clock.now();
      const opened = browser.wires.length;
      while (browser.wires.length === opened) await browser.clock.advance(100);
      waits.push(browser.clock.now() - before);
    }
    expect(waits).toEqual([500, 1000, 2000, 4000]);
    await welcome();
    await browser.clock.advance(10_000);
    wire().handlers.onClose(1006);
    const before = browser.wires.length;
    await browser.clock.advance(500);
    expect(browser.wires.length).toBe(before + 1);
  });

  test("comes back when the server asked it to", async () => {
    const { browser, socket, wire, welcome } = setup();
    socket.start();
    await welcome();
    wire().handlers.onText(JSON.stringify({ closing: { code: 1001, reconnectAfterMs: 4200 } }));
    wire().handlers.onClose(1001);
    await browser.clock.advance(4100);
    expect(browser.wires.length).toBe(1);
    await browser.clock.advance(100);
    expect(browser.wires.length).toBe(2);
  });

  test("does not try while offline, and at once when the network is back", async () => {
    const { browser, socket, wire, welcome } = setup();
    socket.start();
    await welcome();
    browser.online.value = false;
    wire().handlers.onClose(1006);
    await browser.clock.advance(120_000);
    expect(browser.wires.length).toBe(1);
    browser.online.value = true;
    await welcome();
    expect(socket.state.value).toBe("live");
  });

  test("gives up on a connection that never says welcome", async () => {
    const { browser, socket } = setup();
    socket.start();
    await settle();
    browser.wires[0]?.handlers.onOpen();
    await browser.clock.advance(15_000);
    expect(socket.state.value).toBe("waiting");
    expect(browser.wires[0]?.closedByClient).toBe(true);
  });

  test("ignores what an earlier connection still says", async () => {
    const { browser, socket, frames, welcome } = setup();
    socket.start();
    await welcome();
    const [old] = browser.wires;
    socket.renew();
    await welcome();
    old?.handlers.onText(JSON.stringify({ closing: { code: 1001 } }));
    old?.handlers.onClose(4003);
    expect(socket.state.value).toBe("live");
    expect(frames.length).toBe(2);
  });

  test("sends typing at most every 3 seconds per conversation and activity every 30", async () => {
    const { browser, socket, wire, welcome } = setup();
    socket.typing("a");
    socket.start();
    await welcome();
    const said = () => wire().sent.slice(1);
    socket.typing("a");
    socket.typing("a");
    socket.typing("b");
    socket.activity();
    await browser.clock.advance(2999);
    socket.typing("a");
    await browser.clock.advance(1);
    socket.typing("a");
    socket.activity();
    expect(said()).toEqual([
      { typing: { conversationId: "a", state: "writing" } },
      { typing: { conversationId: "b", state: "writing" } },
      { activity: {} },
      { typing: { conversationId: "a", state: "writing" } },
    ]);
  });
});
