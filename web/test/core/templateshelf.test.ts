import { expect, test } from "vitest";
import type { Call } from "../../src/core/api.js";
import { Changes } from "../../src/core/changes.js";
import { TemplateShelf } from "../../src/core/templateshelf.js";

test("what was fetched stays until a template changes", async () => {
  let answers = [["hello"]];
  const call = (async () => ({ templates: (answers.at(-1) ?? []).map((name) => ({ name })) })) as unknown as Call;
  const changes = new Changes();
  const shelf = new TemplateShelf(call, changes.templates);
  const names = async () => (await shelf.of("c1")).map(({ name }) => name);
  expect(await names()).toEqual(["hello"]);
  answers = [["hello", "new_home"]];
  changes.apply([{ connectorChanged: { connectorId: "k1", state: "noticed" } }], false);
  expect(await names(), "a notice is no template").toEqual(["hello"]);
  changes.apply([{ connectorChanged: { connectorId: "k1", state: "templates" } }], false);
  expect(await names()).toEqual(["hello", "new_home"]);
});

test("news of templates is none of the accounts, and what was missed may be both", () => {
  const changes = new Changes();
  changes.apply([{ connectorChanged: { connectorId: "k1", state: "templates" } }], false);
  expect([changes.connectors.value, changes.templates.value]).toEqual([0, 1]);
  changes.apply([{ connectorChanged: { connectorId: "k1", state: "paused" } }], false);
  expect([changes.connectors.value, changes.templates.value]).toEqual([1, 1]);
  changes.apply([], true);
  expect([changes.connectors.value, changes.templates.value]).toEqual([2, 2]);
});
