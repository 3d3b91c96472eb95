import { describe, expect, test } from "vitest";
import type { Call } from "../../src/core/api.js";
import { Gaps } from "../../src/core/gaps.js";
import { toMessage } from "../../src/core/frompb.js";
import { Store } from "../../src/core/store.js";
import { FakeClock } from "./fakes.js";

const message = (seq: number) => ({ id: `m${seq}`, conversationId: "c", seq, direction: "inbound", status: "received" });
const event = (seq: number) => ({ message: { message: message(seq), conversation: { id: "c", version: seq, lastSeq: seq } } });

function setup() {
  const clock = new FakeClock();
  const store = new Store();
  const asked: unknown[] = [];
  let broken = 0;
  const call = (async (_method: string, request: { afterSeq: number }) => {
    asked.push(request);
    if (broken-- > 0) throw new Error("no network");
    return { messages: Array.from({ length: 20 - request.afterSeq }, (_, i) => message(request.afterSeq + 1 + i)) };
  }) as unknown as Call;
  const gaps = new Gaps(clock, call, store);
  store.putAnswer({ id: "c", version: 1, lastSeq: 10 });
  store.putPage("c", Array.from({ length: 10 }, (_, i) => toMessage(message(i + 1))), 1);
  return { clock, store, asked, gaps, breakTimes: (n: number) => (broken = n) };
}

describe("gaps", () => {
  test("asks for nothing while messages come in order", async () => {
    const { clock, store, asked, gaps } = setup();
    gaps.check(store.apply([event(11), event(12)]));
    await clock.advance(5000);
    expect(asked).toEqual([]);
  });

  test("waits a second for what may be under way", async () => {
    const { clock, store, asked, gaps } = setup();
    gaps.check(store.apply([event(12)]));
    await clock.advance(900);
    gaps.check(store.apply([event(11)]));
    await clock.advance(5000);
    expect(asked).toEqual([]);
  });

  test("fills what stays missing, by number", async () => {
    const { clock, store, asked, gaps } = setup();
    gaps.check(store.apply([event(14)]));
    await clock.advance(1000);
    expect(asked).toEqual([{ conversationId: "c", afterSeq: 10, limit: 200 }]);
    expect(store.get("c")?.thread.list.value.map((e) => e.seq)).toEqual(Array.from({ length: 20 }, (_, i) => i + 1));
  });

  test("sees a hole at the end too", async () => {
    const { clock, store, asked, gaps } = setup();
    gaps.check(store.apply([{ conversation: { id: "c", version: 15, lastSeq: 15 } }]));
    await clock.advance(1000);
    expect(asked.length).toBe(1);
  });

  test("tries again for as long as something is missing", async () => {
    const { clock, store, asked, gaps, breakTimes } = setup();
    breakTimes(2);
    gaps.check(store.apply([event(14)]));
    await clock.advance(1000 + 2 * 5000);
    expect(asked.length).toBe(3);
    expect(store.get("c")?.thread.hole(14)).toBe(0);
    await clock.advance(60_000);
    expect(asked.length).toBe(3);
  });
});
