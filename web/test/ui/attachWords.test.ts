import { expect, it } from "vitest";
import { a, endingsOf } from "../../src/ui/attachWords.js";

it("says a limit as the provider does, and each type once", () => {
  const words = a.rule(endingsOf([".jpg", ".jpeg", ".jpe", ".jfif", ".png"]), 5 * 1024 * 1024);
  expect(words).toBe("JPEG, PNG up to 5\u00a0MB");
  expect(a.rule(["MP4"], 1_500_000)).toBe("MP4 up to 1.5\u00a0MB");
});

it("says that a number sends no files rather than listing none", () => {
  expect(a.problem({ reason: "type" }, { media: [], filesPerMessage: 0 })).toBe("This number cannot send files.");
});
