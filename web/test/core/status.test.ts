import { describe, expect, test } from "vitest";
import { join, parseStatus, rank, type Status } from "../../src/core/status.js";

const ladder: Status[] = ["queued", "sending", "unsure", "sent", "failed", "delivered", "read"];

// The server tests the same file.
const golden = Object.values(
  import.meta.glob<{ a: Status; b: Status; joined: Status }[]>("../../../internal/chat/testdata/join.json", { eager: true, import: "default" }),
).flat();

describe("status", () => {
  test.skipIf(golden.length === 0)("joins as the server does", () => {
    for (const { a, b, joined } of golden) expect(join(a, b), `${a} and ${b}`).toBe(joined);
  });

  test("is a maximum", () => {
    for (const a of ladder) {
      expect(join(a, a)).toBe(a);
      for (const b of ladder) {
        expect(join(a, b)).toBe(join(b, a));
        expect(rank(join(a, b))).toBe(Math.max(rank(a), rank(b)));
        for (const c of ladder) expect(join(a, join(b, c))).toBe(join(join(a, b), c));
      }
    }
  });

  test("lets proof of delivery outrank an earlier failure", () => {
    expect(join("failed", "delivered")).toBe("delivered");
    expect(join("read", "failed")).toBe("read");
  });

  test("takes a word of a newer server for the lowest state", () => {
    expect(parseStatus("teleported")).toBe("queued");
    expect(parseStatus(undefined)).toBe("queued");
    expect(parseStatus("received")).toBe("received");
  });
});
