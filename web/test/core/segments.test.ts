import { describe, expect, test } from "vitest";
import { countSegments, foreignCharacters } from "../../src/core/segments.js";

const cases: [name: string, text: string, encoding: "gsm7" | "ucs2", parts: number, units: number][] = [
  ["nothing", "", "gsm7", 0, 0],
  ["one letter", "a", "gsm7", 1, 1],
  ["160 letters fit one part", "a".repeat(160), "gsm7", 1, 160],
  ["161 need two of 153", "a".repeat(161), "gsm7", 2, 161],
  ["306 fill two parts", "a".repeat(306), "gsm7", 2, 306],
  ["307 need three", "a".repeat(307), "gsm7", 3, 307],
  ["an extension character counts twice", "€", "gsm7", 1, 2],
  ["80 of them fit one part", "€".repeat(80), "gsm7", 1, 160],
  ["81 need two", "€".repeat(81), "gsm7", 2, 163],
  ["an escape is not cut from its character", `${"a".repeat(152)}€${"a".repeat(10)}`, "gsm7", 2, 165],
  ["accents of the basic set stay GSM-7", "àéùìòÇÄÖÑÜ§¿äöñü", "gsm7", 1, 16],
  ["a lower c with cedilla is not in it", "ç", "ucs2", 1, 1],
  ["a line break is in it", "a\nb", "gsm7", 1, 3],
  ["typographic quotes make it UCS-2", "“hi”", "ucs2", 1, 4],
  ["70 characters fit one part", "й".repeat(70), "ucs2", 1, 70],
  ["71 need two of 67", "й".repeat(71), "ucs2", 2, 71],
  ["134 fill two parts", "й".repeat(134), "ucs2", 2, 134],
  ["135 need three", "й".repeat(135), "ucs2", 3, 135],
  ["an emoji is two units", "😀", "ucs2", 1, 2],
  ["35 emoji fit one part", "😀".repeat(35), "ucs2", 1, 70],
  ["36 need two, none of them cut", "😀".repeat(36), "ucs2", 2, 73],
  ["an emoji on the boundary moves to the next part", `${"й".repeat(66)}😀${"й".repeat(3)}`, "ucs2", 2, 72],
];

describe("segments", () => {
  test.each(cases)("%s", (_name, text, encoding, parts, units) => {
    const counted = countSegments(text);
    expect([counted.encoding, counted.parts, counted.units]).toEqual([encoding, parts, units]);
    if (parts > 1) expect(counted.capacity).toBe(parts * (encoding === "gsm7" ? 153 : 67));
  });

  test("names what made a text UCS-2", () => {
    expect(foreignCharacters("hi “you” 😀 😀")).toEqual(["“", "”", "😀"]);
  });
});
