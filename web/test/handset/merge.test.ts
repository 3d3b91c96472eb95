import { expect, test } from "vitest";
import { merge, nameOf, order, pretty } from "../../src/handset/merge";
import type { Handset, Message, Row } from "../../src/handset/types";

const message = (id: string, text = id): Message => ({
  id,
  text,
  mine: false,
  kind: "text",
  at: "2026-01-01T12:00:00Z",
  status: "delivered",
  shown: true,
  seen: true,
});

const handset = (revision: number, messages: Message[], oldest = messages[0]?.id): Handset => ({
  id: "+12025550123",
  readReceipts: true,
  autoRead: false,
  flight: false,
  silent: false,
  unread: 0,
  revision,
  threads: [
    {
      key: "ctm:+12025550100",
      provider: "ctm",
      channel: "sms",
      address: "+12025550100",
      label: "",
      unread: 0,
      messages,
      ...(oldest === undefined ? {} : { oldest }),
    },
  ],
});

const texts = (of: Handset) => of.threads[0]?.messages.map((one) => one.text);

test("changed messages keep their place and new ones come last", () => {
  const before = handset(2, [message("a"), message("b")]);
  const after = merge(before, handset(4, [message("a", "changed"), message("c")], "a"));
  expect(texts(after)).toEqual(["changed", "b", "c"]);
});

test("what the thread no longer has is dropped", () => {
  const before = handset(2, [message("a"), message("b"), message("c")]);
  expect(texts(merge(before, handset(3, [message("d")], "c")))).toEqual(["c", "d"]);
});

test("a view from before a reset replaces everything", () => {
  const before = handset(9, [message("a")]);
  expect(texts(merge(before, handset(1, [message("z")])))).toEqual(["z"]);
});

const row = (id: string, lastAt?: string): Row => ({ ...handset(1, []), id, name: id, ...(lastAt ? { lastAt } : {}) });

test("the latest in use comes first, and ties do not jump", () => {
  const rows = [row("b"), row("a"), row("old", "2026-01-01T00:00:00Z"), row("new", "2026-01-02T00:00:00Z")];
  expect(order(rows).map((one) => one.id)).toEqual(["new", "old", "a", "b"]);
});

test("numbers are written as people write them", () => {
  expect(pretty("+12025550123")).toBe("+1 202 555 0123");
  expect(pretty("+919876543210")).toBe("+91 98765 43210");
  expect(pretty("+4930123456")).toBe("+4930123456");
  expect(nameOf({ id: "US.1" })).toBe("US.1");
});
