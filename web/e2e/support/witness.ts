/** Somebody who looks over a user's shoulder, and keeps all that comes to the browser and all that it shows. */
import type { BrowserContext, Page, Route } from "@playwright/test";
import type { Cage, Finding } from "./cage.js";

/** What came with an answer, as the browser got it. */
export interface Passed {
  url: URL;
  status: number;
  headers: Record<string, string>;
}

/** One thing that was seen or heard. */
interface Seen {
  /** Which surface: page, values, frame, answer of a call … */
  where: string;
  step: string;
  text: string;
}

/** Texts that stand on the page because the user has typed them. */
export interface Typed {
  /** A field's whole value. */
  value?: string;
  /** The sentence in which the page repeats it. */
  repeated?: string;
}

export class Witness {
  readonly passed: Passed[] = [];
  private readonly all: Seen[] = [];
  private readonly known = new Set<string>();
  private now = "the beginning";

  /** Begins to look on, before a page has gone anywhere. */
  static async of(context: BrowserContext): Promise<Witness> {
    const witness = new Witness();
    // What a test hands on counts as coming from outside the machine, and its sockets lead back inside.
    await context.grantPermissions(["clipboard-read", "clipboard-write", "local-network-access"]);
    // Every answer passes here whole before the browser has it, so that none is missed. Scripts are everybody's.
    await context.route((url) => !url.pathname.startsWith("/assets/"), (route) => witness.pass(route));
    for (const page of context.pages()) witness.follow(page);
    context.on("page", (page) => witness.follow(page));
    return witness;
  }

  /** Where canaries were found, one line each, the first of each kind on each surface. */
  findings(cage: Cage): string[] {
    const lines = new Map<string, string>();
    for (const { where, step, text } of this.all) {
      for (const { what, around } of cage.findings(text)) {
        const key = `${what} in ${where}`;
        if (!lines.has(key)) lines.set(key, `${key}, at ${step}: ${around.replaceAll("\n", " ")}`);
      }
    }
    return [...lines.values()];
  }

  /** The surfaces on which something was found. */
  surfaces(cage: Cage): Set<string> {
    return new Set(this.all.filter(({ text }) => cage.findings(text).length > 0).map(({ where }) => where));
  }

  /** Looks at a page as it stands, and names what comes from now on after the step. */
  async look(page: Page, step: string, typed: Typed = {}): Promise<void> {
    this.now = step;
    for (const { where, text } of await surfaces(page, typed)) this.keep(where, text);
  }

  /** The steps after which something was found on a surface. */
  steps(cage: Cage, surface: string): Set<string> {
    return new Set(this.all.filter(({ where, text }) => where === surface && cage.findings(text).length > 0).map(({ step }) => step));
  }

  /** The answers about leads that somebody on the way might keep, or a browser for another user. */
  get keepable(): string[] {
    const answers = this.passed.filter(({ url }) => /^\/(converse\.v1\.|exports\/|imports\/)/.test(url.pathname));
    const files = this.passed.filter(({ url }) => url.pathname.startsWith("/media/"));
    const rule = ({ headers }: Passed) => headers["cache-control"] ?? "";
    const kept = [...answers.filter((one) => rule(one) !== "no-store"), ...files.filter((one) => !/^(private,|no-store)/.test(rule(one)))];
    return [...new Set(kept.map((one) => `${one.url.pathname}: ${rule(one)}`))];
  }

  /** Presses every copy button in sight and reads what is on the clipboard then. */
  async copies(page: Page): Promise<number> {
    const buttons = page.getByRole("button", { name: "Copy", exact: true });
    const count = await buttons.count();
    for (let n = 0; n < count; n++) {
      await page.evaluate(() => navigator.clipboard.writeText("nothing yet"));
      await buttons.first().click(); // for a moment it is called Copied
      const read = () => page.evaluate(() => navigator.clipboard.readText());
      let text = await read();
      while (text === "nothing yet") text = await read();
      this.keep("clipboard", text);
    }
    return count;
  }

  private follow(page: Page): void {
    page.on("request", (request) => this.keep("address", request.url()));
    page.on("download", (download) => this.keep("name of a download", download.suggestedFilename()));
    page.on("console", (message) => this.keep("console", message.text()));
    page.on("websocket", (socket) => {
      this.keep("address", socket.url());
      socket.on("framereceived", ({ payload }) => this.keep("frame", typeof payload === "string" ? payload : legible(payload)));
    });
  }

  private async pass(route: Route): Promise<void> {
    const step = this.now;
    try {
      const request = route.request();
      const url = new URL(request.url());
      // What a browser adds last is not there yet, and the hub goes by it.
      const site: Record<string, string> = request.headers()["origin"] === url.origin ? { "sec-fetch-site": "same-origin" } : {};
      const response = await route.fetch({ maxRedirects: 0, headers: { ...request.headers(), ...site } });
      const headers = response.headers();
      const name = url.pathname.replace(/^\/converse\.v1\./, "").replace(/^\/(media|uploads|exports|imports)\/.*/, "/$1");
      this.passed.push({ url, status: response.status(), headers });
      this.keep(`head of ${name}`, JSON.stringify(response.headersArray()), step);
      this.keep(`answer of ${name}`, legible(await response.body()), step);
      await route.fulfill({ response });
    } catch {
      // The page has gone, and with it the question. What was not seen is not handed on.
      await route.abort().catch(() => undefined);
    }
  }

  private keep(where: string, text: string, step = this.now): void {
    const key = `${where}\n${text}`;
    if (text === "" || this.known.has(key)) return;
    this.known.add(key);
    this.all.push({ where, step, text });
  }
}

/** The text of a value in protobuf or in a file stands there as it is. */
function legible(bytes: Buffer): string {
  return bytes.toString("utf8");
}

/** The canaries that a page holds now, wherever it may hold one. */
export async function heldBy(page: Page, cage: Cage, typed: Typed = {}): Promise<(Finding & { where: string })[]> {
  const all = await surfaces(page, typed);
  return all.flatMap(({ where, text }) => cage.findings(text).map((finding) => ({ where, ...finding })));
}

async function surfaces(page: Page, typed: Typed): Promise<{ where: string; text: string }[]> {
  const held = await page.evaluate(inspect, typed);
  const names = await page.locator("body").ariaSnapshot();
  await page.emulateMedia({ media: "print" });
  const print = await page.evaluate(() => document.body.innerText);
  await page.emulateMedia({ media: "screen" });
  const without = (text: string) => {
    let out = text;
    for (const own of [typed.repeated, typed.value && `: ${typed.value}`, typed.value && `: "${typed.value}"`]) if (own) out = out.replaceAll(own, "");
    return out;
  };
  return [
    ...Object.entries(held).map(([where, text]) => ({ where, text })),
    { where: "print", text: without(print) },
    { where: "names for screen readers", text: without(names) },
    { where: "address", text: page.url() },
  ];
}

/** Runs in the page: what it shows, holds and keeps. */
async function inspect(typed: { value?: string; repeated?: string }): Promise<Record<string, string>> {
  const roots: (Document | ShadowRoot)[] = [];
  const visit = (root: Document | ShadowRoot) => {
    roots.push(root);
    for (const element of root.querySelectorAll("*")) if (element.shadowRoot) visit(element.shadowRoot);
  };
  visit(document);
  const markup = (root: Document | ShadowRoot) => (root instanceof Document ? root.documentElement.outerHTML : root.innerHTML);
  const words = (root: Document | ShadowRoot) => (root instanceof Document ? root.documentElement : root).textContent ?? "";
  const fields = roots.flatMap((root) => [...root.querySelectorAll<HTMLInputElement>("input, textarea, select")]);
  const values = fields.filter((field) => field.value !== typed.value).map((field) => field.value);
  const databases = (await indexedDB.databases()).map(({ name = "" }) => name).filter((name) => !name.startsWith("emoji-picker"));
  const records = await Promise.all(databases.map(read));
  const cached = await Promise.all(
    (await caches.keys()).map(async (name) => {
      const cache = await caches.open(name);
      return Promise.all((await cache.keys()).map(async (request) => `${request.url} ${await (await cache.match(request))?.text()}`));
    }),
  );
  const without = (text: string) => (typed.repeated ? text.replaceAll(typed.repeated, "") : text);
  return {
    page: without(roots.map(markup).join("\n")),
    text: without(roots.map(words).join("\n")),
    values: values.join("\n"),
    title: document.title,
    storage: JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie, history.state]),
    records: JSON.stringify(records),
    caches: JSON.stringify(cached),
  };

  function read(name: string): Promise<unknown[]> {
    return new Promise((resolve, reject) => {
      const opening = indexedDB.open(name);
      opening.onerror = () => reject(opening.error ?? new Error(name));
      opening.onsuccess = () => {
        const database = opening.result;
        const stores = [...database.objectStoreNames];
        if (stores.length === 0) return resolve([]);
        const found: unknown[] = [];
        const work = database.transaction(stores);
        for (const store of stores) work.objectStore(store).getAll().onsuccess = (event) => found.push((event.target as IDBRequest<unknown[]>).result);
        work.oncomplete = () => {
          database.close();
          resolve(found);
        };
      };
    });
  }
}
