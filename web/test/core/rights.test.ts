import { describe, expect, test } from "vitest";
import { Rights } from "../../src/core/rights.js";
import { Session } from "../../src/core/session.js";
import { FakeBrowser, settle } from "./fakes.js";

const leads = { view: "all", edit: "group", delete: "none", export: "none", create: true };

describe("rights", () => {
  test("nothing is offered that the server did not say", () => {
    const none = new Rights({}, "u1");
    expect([none.creates, none.imports, none.exports, none.edits, none.deletes, none.administers, none.managesPeople]).toEqual(Array(7).fill(false));
    expect(none.mayEdit("u1")).toBe(false);
  });

  test("an administrator whom a template forbids exporting is not offered it", () => {
    const rights = new Rights({ administers: true, leads: { ...leads, edit: "all", export: "none" } }, "u1");
    expect(rights.administers).toBe(true);
    expect(rights.exports).toBe(false);
    expect(rights.imports).toBe(false);
  });

  test("a scope covers whose leads it says", () => {
    const owners = ["", "u1", "u2", "u3"];
    const covered = (edit: string) => owners.filter((owner) => new Rights({ leads: { edit }, colleagueIds: ["u2"] }, "u1").mayEdit(owner));
    expect(covered("all")).toEqual(owners);
    expect(covered("group")).toEqual(["", "u1", "u2"]);
    expect(covered("own")).toEqual(["u1"]);
    expect(covered("none")).toEqual([]);
  });

  test("a hidden field is known by its name", () => {
    const rights = new Rights({ leads: { ...leads, masks: [{ field: "phone", mask: "ends" }, { field: "custom.budget", mask: "all" }] } }, "u1");
    expect(["phone", "custom.budget", "email"].map((field) => rights.hides(field))).toEqual([true, true, false]);
    expect(rights.reveals).toBe(true);
  });

  test("what changed behind the back of a closed connection is noticed at the next one", async () => {
    const browser = new FakeBrowser();
    const env = browser.page();
    const server = { export: "all", version: 1 };
    env.post = async (url) => {
      const answers: Record<string, unknown> = {
        GetSession: { user: { id: "u1" }, org: {}, rights: { version: server.version, leads: { export: server.export } } },
        CreateTicket: { ticket: "t", rightsVersion: server.version },
      };
      return new Response(JSON.stringify(answers[url.split("/").at(-1) ?? ""] ?? {}));
    };
    const session = new Session(env);
    await session.resume();
    const exports = () => session.state.value.kind === "in" && session.state.value.desk.rights.exports;
    expect(exports()).toBe(true);
    await settle();
    expect(browser.wires).toHaveLength(1);
    Object.assign(server, { export: "none", version: 2 });
    browser.wires.at(-1)?.handlers.onClose(1001);
    await browser.clock.advance(5_000);
    await settle();
    expect(exports()).toBe(false);
    session.leave();
  });
});
