/** The test function of every journey, with the program, leads and devices it needs. */
import { test as base, expect, type BrowserContext, type BrowserContextOptions, type Page } from "@playwright/test";
import { Api } from "./api.js";
import { Hub } from "./hub.js";
import { People, type Person, type Wanted } from "./people.js";
import { control } from "./phone.js";
import { Wire } from "./wire.js";

export interface DeviceOptions extends BrowserContextOptions {
  /** Who is signed in there; nobody by default. */
  user?: string;
}

interface Fixtures {
  /** A browser of its own, as another machine would have. */
  device(options?: DeviceOptions): Promise<Page>;
  /** A lead for this test alone. */
  someone(wanted?: Wanted): Person;
  wire: Wire;
  calm: undefined;
}

interface WorkerFixtures {
  hub: Hub;
  people: People;
  /** Mira, without a browser. */
  mira: Api;
}

export const test = base.extend<Fixtures, WorkerFixtures>({
  hub: [
    async ({}, use) => {
      const hub = await Hub.start();
      await use(hub);
      await hub.stop();
    },
    { scope: "worker" },
  ],
  people: [async ({ hub }, use) => use(await People.of(hub)), { scope: "worker" }],
  mira: [async ({ hub }, use) => use(await Api.signIn(hub, "Mira")), { scope: "worker" }],

  baseURL: async ({ hub }, use) => use(hub.url),
  someone: async ({ people }, use) => use((wanted) => people.take(wanted)),

  wire: async ({ hub }, use) => {
    const wire = await Wire.to(hub.url);
    await use(wire);
    await wire.stop();
  },

  device: async ({ browser, hub, baseURL, contextOptions }, use) => {
    const contexts: BrowserContext[] = [];
    const faults: string[] = [];
    await use(async ({ user, ...options } = {}) => {
      const context = await browser.newContext({ ...contextOptions, ...(baseURL ? { baseURL } : {}), ...options });
      contexts.push(context);
      watch(context, faults);
      if (user) await signIn(context, hub, user);
      return context.newPage();
    });
    for (const context of contexts) await context.close();
    expect(faults, "errors and refused content in the browsers").toEqual([]);
  },

  // One test's mischief is not another's.
  calm: [
    async ({ hub }, use) => {
      await use(undefined);
      await control(hub, "DELETE", "/control/faults");
    },
    { auto: true },
  ],
});

export { expect, type Page } from "@playwright/test";
export type { Person } from "./people.js";

/** Notes what no page may do: throw, or ask for what its content policy refuses. */
function watch(context: BrowserContext, faults: string[]): void {
  context.on("weberror", (error) => faults.push(error.error().stack ?? error.error().message));
  context.on("console", (message) => {
    // The recorder of traces reads the pictures that a page shows; no page of ours does.
    if (/^Connecting to 'blob:/.test(message.text())) return;
    if (message.type() === "error" && /content security policy/i.test(message.text())) faults.push(message.text());
  });
}

async function signIn(context: BrowserContext, hub: Hub, user: string): Promise<void> {
  const { email, password } = hub.login(user);
  const answer = await context.request.post(`${hub.url}/converse.v1.AuthService/LogIn`, { data: { email, password } });
  expect(answer.ok(), "signing in").toBe(true);
}
