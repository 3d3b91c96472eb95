import { describe, expect, it, vi } from "vitest";
import { createApi } from "../../src/core/api.js";
import type { Env, HttpResponse } from "../../src/core/env.js";
import { ApiError } from "../../src/core/error.js";
import { Tokens, type Given } from "../../src/core/token.js";
import { FakeClock, settle } from "./fakes.js";

describe("a host page's tokens", () => {
  it("are asked for once, however many want one at once", async () => {
    const getToken = vi.fn(() => Promise.resolve("t1"));
    const tokens = new Tokens(new FakeClock(), getToken);
    expect(await Promise.all([tokens.get(), tokens.get(), tokens.get()])).toEqual(["t1", "t1", "t1"]);
    expect(await tokens.get()).toBe("t1");
    expect(getToken).toHaveBeenCalledTimes(1);
  });

  it("are replaced shortly before they end", async () => {
    const clock = new FakeClock();
    let n = 0;
    const tokens = new Tokens(clock, () => ({ token: `t${++n}`, expiresAt: new Date(clock.now() + 600_000).toISOString() }));
    expect(await tokens.get()).toBe("t1");
    await clock.advance(569_000);
    expect(await tokens.get()).toBe("t1");
    await clock.advance(2_000);
    expect(await tokens.get()).toBe("t2");
  });

  it("that live shorter than that are used for half of it", async () => {
    const clock = new FakeClock();
    let n = 0;
    const tokens = new Tokens(clock, () => ({ token: `t${++n}`, expiresAt: clock.now() + 10_000 }));
    expect(await tokens.get()).toBe("t1");
    await clock.advance(4_000);
    expect(await tokens.get()).toBe("t1");
    await clock.advance(2_000);
    expect(await tokens.get()).toBe("t2");
  });

  it("are asked for again once the server refused one, unless another came meanwhile", async () => {
    let n = 0;
    const tokens = new Tokens(new FakeClock(), () => `t${++n}`);
    expect(await tokens.get()).toBe("t1");
    tokens.refuse("t1");
    expect(await tokens.get()).toBe("t2");
    tokens.refuse("t1");
    expect(await tokens.get()).toBe("t2");
  });

  it.each<[string, () => unknown]>([
    ["throws", () => { throw new Error("no session"); }],
    ["rejects", () => Promise.reject(new Error("no session"))],
    ["answers nothing", () => undefined],
    ["answers an empty one", () => ""],
    ["answers something else", () => ({ jwt: "x" })],
  ])("are missing when the page %s, and are asked for again", async (_, fail) => {
    let failing = true;
    const tokens = new Tokens(new FakeClock(), () => (failing ? (fail() as Given) : "t1"));
    await expect(tokens.get()).rejects.toMatchObject({ code: "token" });
    failing = false;
    expect(await tokens.get()).toBe("t1");
  });

  it("are missing when the page does not answer", async () => {
    const clock = new FakeClock();
    const tokens = new Tokens(clock, () => new Promise<string>(() => undefined));
    const failed = expect(tokens.get()).rejects.toMatchObject({ code: "token" });
    await clock.advance(20_000);
    await failed;
    expect(clock.pending).toBe(0);
  });
});

describe("a call with a token", () => {
  const answer = (status: number, body: unknown): HttpResponse => ({ status, json: () => Promise.resolve(body) });
  const server = (good: string) => {
    const seen: string[] = [];
    const post: Env["post"] = (_url, headers) => {
      seen.push(headers.Authorization ?? "");
      return Promise.resolve(headers.Authorization === `Bearer ${good}` ? answer(200, {}) : answer(401, { code: "unauthenticated", message: "ended" }));
    };
    return { seen, post };
  };

  it("that has ended is made again with a new one, once", async () => {
    const { seen, post } = server("t2");
    let n = 0;
    const lost = vi.fn();
    const call = createApi({ post, baseURL: "" }, { tokens: new Tokens(new FakeClock(), () => `t${++n}`), onUnauthenticated: lost });
    await call("AuthService/GetSession", {});
    await call("AuthService/GetSession", {});
    expect(seen).toEqual(["Bearer t1", "Bearer t2", "Bearer t2"]);
    expect(lost).not.toHaveBeenCalled();
  });

  it("is over when the new one is refused too", async () => {
    const { seen, post } = server("never");
    const lost = vi.fn();
    const call = createApi({ post, baseURL: "" }, { tokens: new Tokens(new FakeClock(), () => "same"), onUnauthenticated: lost });
    await expect(call("AuthService/GetSession", {})).rejects.toMatchObject({ code: "unauthenticated" });
    expect(seen).toHaveLength(2);
    expect(lost).toHaveBeenCalledTimes(1);
  });

  it("of many at once renews the token once", async () => {
    const { seen, post } = server("t2");
    let n = 0;
    const getToken = vi.fn(async () => {
      await settle();
      return `t${++n}`;
    });
    const call = createApi({ post, baseURL: "" }, { tokens: new Tokens(new FakeClock(), getToken) });
    await Promise.all([1, 2, 3].map(() => call("AuthService/GetSession", {})));
    expect(getToken).toHaveBeenCalledTimes(2);
    expect(seen).toHaveLength(6);
  });

  it("is no call when the page gives none", async () => {
    const { seen, post } = server("t1");
    const call = createApi({ post, baseURL: "" }, { tokens: new Tokens(new FakeClock(), () => Promise.reject(new Error("no"))) });
    const error = await call("AuthService/GetSession", {}).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(ApiError);
    expect((error as ApiError).temporary).toBe(true);
    expect(seen).toEqual([]);
  });
});
