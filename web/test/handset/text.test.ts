import { expect, test } from "vitest";
import { emojiOnly, hue, initials, parts, size } from "../../src/handset/text";

const kinds = (text: string, rich: boolean) => parts(text, rich).map((part) => [part.kind, part.text]);

test("formatting is WhatsApp's, and only where it has it", () => {
  expect(kinds("a *b* _c_ ~d~ ```e```", true)).toEqual([
    ["text", "a "],
    ["bold", "b"],
    ["text", " "],
    ["italic", "c"],
    ["text", " "],
    ["strike", "d"],
    ["text", " "],
    ["code", "e"],
  ]);
  expect(kinds("a *b*", false)).toEqual([["text", "a *b*"]]);
});

test("marks inside words and numbers are left alone", () => {
  for (const text of ["2*3*4", "snake_case_name", "* not bold *", "~", "a*b"]) {
    expect(kinds(text, true)).toEqual([["text", text]]);
  }
});

test("links end before the full stop and keep their underscores", () => {
  expect(kinds("See https://example.com/a_b_c?x=1. Bye", true)).toEqual([
    ["text", "See "],
    ["link", "https://example.com/a_b_c?x=1"],
    ["text", ". Bye"],
  ]);
  expect(kinds("javascript:alert(1)", true)).toEqual([["text", "javascript:alert(1)"]]);
});

test("a long run of marks is read quickly", () => {
  const started = performance.now();
  parts("*_~`".repeat(1000), true);
  expect(performance.now() - started).toBeLessThan(500);
});

test("up to three emoji are large", () => {
  for (const text of ["👍", "🚗💙", "👩‍👩‍👧 🇮🇳", "❤️"]) expect(emojiOnly(text)).toBe(true);
  for (const text of ["", "ok 👍", "1", "👍👍👍👍", "#"]) expect(emojiOnly(text)).toBe(false);
});

test("faces and sizes", () => {
  expect(initials("Ada Lovelace Okafor")).toBe("AO");
  expect(initials("émile")).toBe("É");
  expect(initials("+1 202 555 0123")).toBe("");
  expect(hue("+12025550123")).not.toBe(hue("+12025550124"));
  expect(size(556)).toBe("556 B");
  expect(size(2_500_000)).toBe("2.4 MB");
});
