import { describe, expect, it } from "vitest";
import type { Call } from "../../src/core/api.js";
import { LeadSearch } from "../../src/core/leadsearch.js";
import { FakeClock, settle } from "./fakes.js";

/** A server whose answers come when the test lets them. */
function setup() {
  const clock = new FakeClock();
  const asked: { query: string; answer(...names: string[]): void; fail(): void }[] = [];
  const call = ((_method: string, { query }: { query: string }) =>
    new Promise((resolve, reject) => {
      asked.push({
        query,
        answer: (...names) => resolve({ leads: names.map((firstName) => ({ id: firstName, firstName })) }),
        fail: () => reject(new Error("no network")),
      });
    })) as unknown as Call;
  return { clock, asked, search: new LeadSearch(clock, call) };
}

const names = (leads: readonly { name: string }[] | undefined) => leads?.map((lead) => lead.name);

describe("LeadSearch", () => {
  it("asks once the typing rests", async () => {
    const { clock, asked, search } = setup();
    search.type("g");
    search.type("gr");
    await clock.advance(1_000);
    expect(asked.map(({ query }) => query)).toEqual(["gr"]);
  });

  it("settles on what is typed now, not on what is still in sight", async () => {
    const { asked, search } = setup();
    void search.run();
    asked[0]?.answer("Asha", "Ben");
    await settle();
    search.type("grace");
    expect(search.fresh).toBe(false);
    expect(names(search.results.value)).toEqual(["Asha", "Ben"]);
    const settled = search.settled();
    asked[1]?.answer("Grace");
    expect(names(await settled)).toEqual(["Grace"]);
  });

  it("settles on nothing when more was typed meanwhile", async () => {
    const { asked, search } = setup();
    search.type("gr");
    const settled = search.settled();
    search.type("gra");
    asked[0]?.answer("Grace", "Greg");
    expect(await settled).toBeUndefined();
  });

  it("settles on no lead when the server does not answer", async () => {
    const { asked, search } = setup();
    search.type("gr");
    const settled = search.settled();
    asked[0]?.fail();
    expect(await settled).toEqual([]);
  });

  it("does not ask again for what it has", async () => {
    const { asked, search } = setup();
    void search.run();
    asked[0]?.answer("Asha");
    await settle();
    expect(names(await search.settled())).toEqual(["Asha"]);
    expect(asked).toHaveLength(1);
  });
});
