import { describe, expect, test } from "vitest";
import { noPlace, placeFaults, pointOf } from "../../src/core/place.js";
import { placeLine, placeText } from "../../src/core/placetext.js";

const pier = { latitude: "53.5413", longitude: "-9.9841", name: "Pier 3", address: "12 Quay Street" };

describe("a place over a template's text", () => {
  test("each field has a rule of its own", () => {
    expect(placeFaults(pier)).toEqual({});
    expect(placeFaults({ ...pier, latitude: "90", longitude: "-180" })).toEqual({});
    expect(placeFaults({ ...pier, latitude: "90.1", longitude: "180.1" })).toEqual({ latitude: "latitude", longitude: "longitude" });
    expect(placeFaults({ ...pier, latitude: "north", longitude: "1e2" })).toEqual({ latitude: "latitude", longitude: "longitude" });
    expect(placeFaults({ ...pier, name: "x".repeat(257), address: "two\nlines" })).toEqual({ name: "too_long_word", address: "line_break" });
    expect(Object.keys(placeFaults(noPlace))).toHaveLength(4);
  });

  test("a point that a map copied is two numbers", () => {
    expect(pointOf(" 53.5413, -9.9841 ")).toEqual({ latitude: "53.5413", longitude: "-9.9841" });
    for (const text of ["53,5413", "53.5413", "53, 9", "53.5, 9.9, 7.1", ""]) expect(pointOf(text)).toBeUndefined();
  });

  test("its line stands at the head of a template's message, and of no other", () => {
    const line = placeText({ latitude: 53.5413, longitude: -9.9841, name: "Pier 3", address: "12 Quay Street (left)" });
    expect(line).toBe("Location: Pier 3, 12 Quay Street (left) (53.5413, -9.9841)");
    expect(placeLine({ kind: "template", text: `${line}\nSee you there.` })).toBe(`${line}\n`);
    expect(placeLine({ kind: "text", text: `${line}\nSee you there.` })).toBe("");
    expect(placeLine({ kind: "template", text: "See you there." })).toBe("");
    expect(placeLine({ kind: "template", text: "Location: Pier 3\nSee you there." })).toBe("");
  });
});
