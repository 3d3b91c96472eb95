import { expect, test } from "vitest";
import { draftOf, filled, valuesOf, variablesOf } from "../../src/console/templates/draft.js";

const picture = { id: "m1", name: "house.png", contentType: "image/png", size: 2048 };

test("of an example file only what it is called at the server is stored", () => {
  const values = valuesOf({ connectorId: "k1", name: "new_home", body: "Hello.", header: { kind: "image", file: picture } }, "");
  expect(values.header.file).toEqual(picture);
  expect(draftOf(values, "whatsapp").header).toEqual({ kind: "image", text: "", example: "", file: { id: "m1" } });
});

test("a template without a header has none, and a text no file", () => {
  const values = valuesOf({ connectorId: "k1", name: "hello", body: "Hello {{1}}, on {{2}}.", variables: [{ name: "1", example: "Asha" }] }, "");
  expect(draftOf(values, "whatsapp")).not.toHaveProperty("header");
  expect(draftOf(values, "whatsapp").examples).toEqual({ 1: "Asha", 2: "" });
  expect(draftOf({ ...values, header: { kind: "text", text: "News", example: "" } }, "whatsapp").header).toEqual({ kind: "text", text: "News", example: "" });
});

test("examples stand where the variables are, and each variable counts once", () => {
  expect(variablesOf("{{1}} and {{ day }} and {{1}}")).toEqual(["1", "day"]);
  expect(filled("Hello {{1}}, on {{day}}.", { 1: "Asha" })).toBe("Hello Asha, on {{day}}.");
});
