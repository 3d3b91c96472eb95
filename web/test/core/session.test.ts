import { describe, expect, it } from "vitest";
import type { Env } from "../../src/core/env.js";
import { Session } from "../../src/core/session.js";
import { Tokens } from "../../src/core/token.js";
import { FakeBrowser, settle } from "./fakes.js";

/** A server that answers who is signed in, or says no. */
function setup(options: { mayCall?: boolean } = {}) {
  const browser = new FakeBrowser();
  const server = { user: "u1", down: false, status: 200, reason: "", tokens: 0 };
  const post: Env["post"] = (url) => {
    if (server.down) return Promise.reject(new Error("no answer"));
    const body = server.status === 200 ? (url.endsWith("/CreateTicket") ? { ticket: "x" } : { user: { id: server.user }, org: { id: "o" } }) : failure();
    return Promise.resolve({ status: server.status, json: () => Promise.resolve(body) });
  };
  const failure = () => ({
    code: server.status === 401 ? "unauthenticated" : "permission_denied",
    message: "no",
    details: [{ type: "converse.v1.ErrorDetail", debug: { reason: server.reason } }],
  });
  const env: Env = { ...browser.page(), post };
  const session = new Session(env, {
    tokens: new Tokens(env.clock, () => `t${++server.tokens}`),
    ...(options.mayCall === undefined ? {} : { mayCall: () => Promise.resolve(options.mayCall === true) }),
  });
  return { browser, server, session };
}

const desk = (session: Session) => {
  const { value } = session.state;
  if (value.kind !== "in") throw new Error(`the session is ${value.kind}`);
  return value.desk;
};

describe("a session on a host page", () => {
  it("tries again by itself when the server does not answer", async () => {
    const { browser, server, session } = setup();
    server.down = true;
    await session.resume();
    expect(session.state.value.kind).toBe("unreachable");
    server.down = false;
    await browser.clock.advance(5_000);
    expect(session.state.value.kind).toBe("in");
    session.leave();
  });

  it("is refused when the page may not call, and asks no more", async () => {
    const { browser, server, session } = setup({ mayCall: false });
    server.down = true;
    await session.resume();
    expect(session.state.value).toEqual({ kind: "refused", message: "" });
    expect(browser.clock.pending).toBe(0);
  });

  it("is refused with the server's words when its org does not allow the page", async () => {
    const { server, session } = setup();
    Object.assign(server, { status: 403, reason: "origin_not_allowed" });
    await session.resume();
    expect(session.state.value).toEqual({ kind: "refused", message: "no" });
  });

  it("goes on with a new token when its sign-in ends, each time", async () => {
    const { browser, server, session } = setup();
    await session.resume();
    const first = desk(session);
    for (const times of [1, 2]) {
      await settle();
      browser.wires.at(-1)?.handlers.onOpen();
      browser.wires.at(-1)?.handlers.onText(JSON.stringify({ welcome: { sessionId: "s" } }));
      browser.wires.at(-1)?.handlers.onClose(4003);
      await settle();
      expect(server.tokens).toBe(1 + times);
      expect(desk(session), "what is on screen stays").toBe(first);
      expect(first.socket.state.value).toBe("connecting");
    }
    session.leave();
  });

  it("ends when its site is not allowed any more", async () => {
    const { browser, session } = setup();
    await session.resume();
    await settle();
    browser.wires.at(-1)?.handlers.onClose(1008);
    await settle();
    expect(session.state.value.kind).toBe("refused");
  });

  it("is another's when the page says so", async () => {
    const { server, session } = setup();
    await session.resume();
    const first = desk(session);
    server.user = "u2";
    await session.renew();
    expect(desk(session)).not.toBe(first);
    expect(first.socket.state.value).toBe("idle");
    session.leave();
  });

  it("is out when new tokens are refused", async () => {
    const { server, session } = setup();
    server.status = 401;
    await session.resume();
    expect(session.state.value.kind).toBe("out");
    expect(server.tokens).toBe(2);
  });
});
