import { describe, expect, test } from "vitest";
import type { Template } from "../../src/core/model.js";
import { noPlace } from "../../src/core/place.js";
import { aroundOf, faultsOf, sendable, type Filled } from "../../src/core/templatefill.js";

const template = (more: Partial<Template> = {}): Template => ({
  id: "t1", channel: "whatsapp", name: "new_home", language: "en_US", category: "utility", body: "Hello {{1}}, see {{2}}.", footer: "", buttons: [],
  variables: [{ name: "1", example: "Asha" }, { name: "2", example: "12 Quay Street" }], header: undefined, actions: [], ...more,
});

const filled = (more: Partial<Filled> = {}): Filled => ({ values: { 1: "Asha", 2: "the house" }, headerText: "", buttons: {}, mediaId: "", place: noPlace, ...more });

const actions = [
  { kind: "quick_reply", text: "Yes", value: "", example: "" },
  { kind: "url", text: "Look", value: "https://example.com/{{1}}", example: "12" },
  { kind: "url", text: "Home", value: "https://example.com/", example: "" },
  { kind: "phone_number", text: "Call", value: "+12025550100", example: "" },
  { kind: "copy_code", text: "Copy", value: "", example: "HOME10" },
];

describe("filling a template", () => {
  test("the text alone needs its variables, each by the rules of values", () => {
    expect(sendable(faultsOf(template(), filled()))).toBe(true);
    const faults = faultsOf(template(), filled({ values: { 1: " ", 2: "two\nlines" } }));
    expect(faults.values).toEqual({ 1: "empty", 2: "line_break" });
    expect(sendable(faults)).toBe(false);
    expect(aroundOf(template(), filled())).toEqual({});
  });

  test("a header of words needs a value only where it has a variable", () => {
    const fixed = template({ header: { kind: "text", text: "Your home" } });
    expect(sendable(faultsOf(fixed, filled()))).toBe(true);
    expect(aroundOf(fixed, filled({ headerText: "left from before" }))).toEqual({});
    const varied = template({ header: { kind: "text", text: "News of {{1}}" } });
    expect(faultsOf(varied, filled()).headerText).toBe("empty");
    expect(sendable(faultsOf(varied, filled({ headerText: "Monday" })))).toBe(true);
    expect(aroundOf(varied, filled({ headerText: "Monday" }))).toEqual({ headerText: "Monday" });
  });

  test.each(["image", "video", "document"])("a header of a kind %s needs its file at the server", (kind) => {
    const above = template({ header: { kind, text: "" } });
    expect(faultsOf(above, filled()).header).toBe("file");
    expect(sendable(faultsOf(above, filled()))).toBe(false);
    expect(sendable(faultsOf(above, filled({ mediaId: "m1" })))).toBe(true);
    expect(aroundOf(above, filled({ mediaId: "m1" }))).toEqual({ mediaIds: ["m1"] });
  });

  test("a place is needed whole, and goes as numbers and words", () => {
    const place = template({ header: { kind: "location", text: "" } });
    expect(faultsOf(place, filled({ mediaId: "m1" })).place).toEqual({ latitude: "empty", longitude: "empty", name: "empty", address: "empty" });
    expect(sendable(faultsOf(place, filled()))).toBe(false);
    const pier = { latitude: "53,5413", longitude: " −9.9841", name: " Pier 3 ", address: "12 Quay Street" };
    expect(sendable(faultsOf(place, filled({ place: pier })))).toBe(true);
    expect(aroundOf(place, filled({ place: pier }))).toEqual({
      headerLocation: { latitude: 53.5413, longitude: -9.9841, name: "Pier 3", address: "12 Quay Street" },
    });
    expect(aroundOf(template(), filled({ place: pier }))).toEqual({});
  });

  test("of the buttons only those with a value of their own are asked for, by their place", () => {
    const under = template({ actions });
    expect(faultsOf(under, filled({ buttons: { 1: "12" } })).buttons).toEqual({ 4: "empty" });
    const done = filled({ buttons: { 0: "not asked for", 1: "12", 4: "HOME10" } });
    expect(sendable(faultsOf(under, done))).toBe(true);
    expect(aroundOf(under, done)).toEqual({ buttonValues: { 1: "12", 4: "HOME10" } });
  });
});
