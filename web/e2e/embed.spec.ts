import { Api } from "./support/api.js";
import { expectAccessible } from "./support/axe.js";
import { answer, openThread, pickUp } from "./support/handset.js";
import { bubble, composer, expectTick, send, way } from "./support/screen.js";
import { expect, test, type Page, type Person } from "./support/test.js";
import { launcher, popUp } from "./support/widget.js";

/** Opens the demo's CRM and notes what its content policy refuses. */
async function openHost(page: Page, url: string): Promise<() => Promise<string[]>> {
  await page.addInitScript(() => {
    const refused: string[] = [];
    Object.assign(window, { refused });
    addEventListener("securitypolicyviolation", (event) => refused.push(`${event.violatedDirective} ${event.blockedURI}`));
  });
  await page.goto(url);
  await launcher(page).waitFor();
  return () => page.evaluate(() => (window as unknown as { refused: string[] }).refused);
}

async function chooseLead(page: Page, lead: Person): Promise<void> {
  await page.getByRole("searchbox", { name: "Search leads" }).fill(lead.name);
  await page.getByRole("button", { name: lead.name, exact: true }).click();
  await expect(page.getByRole("heading", { name: lead.name })).toBeVisible();
}

test("a CRM of another origin has the chat under a strict content policy", async ({ device, hub, someone }) => {
  const lead = someone();
  const page = await device();
  const refused = await openHost(page, hub.hostUrl);
  const tokens: string[] = [];
  page.on("response", (response) => response.url().endsWith("/api/token") && tokens.push(response.url()));

  await test.step("choosing a lead offers the ways to reach that lead", async () => {
    await chooseLead(page, lead);
    await page.getByRole("button", { name: "Chat with this lead" }).click();
    await way(popUp(page), "WhatsApp", lead.phone.number).click();
  });

  await test.step("messages go both ways, with ticks", async () => {
    await lead.phone.says("Is it still free?");
    await expect(bubble(popUp(page), "Is it still free?")).toBeVisible();
    const mine = await send(popUp(page), lead, "It is. Shall I show you?");
    await expectTick(mine, "Delivered");
    const phone = await pickUp(await device(), hub, lead);
    const thread = await openThread(phone, "It is. Shall I show you?");
    await expect(thread.getByText("It is. Shall I show you?")).toBeVisible();
    await expectTick(mine, "Read");
    await answer(phone, "Yes please");
    await expect(bubble(popUp(page), "Yes please")).toBeVisible();
  });

  await test.step("files and emoji work too", async () => {
    await lead.phone.sends({ kind: "image" });
    const picture = popUp(page).getByRole("log").locator("img").last();
    await expect.poll(() => picture.evaluate((img: HTMLImageElement) => img.naturalWidth)).toBeGreaterThan(0);
    await popUp(page).getByRole("button", { name: "Emoji" }).click();
    const picker = popUp(page).getByRole("dialog", { name: "Emoji" });
    await picker.getByRole("combobox", { name: "Search" }).fill("party popper");
    await picker.getByRole("option", { name: /party popper/i }).click();
    // The picker looks the emoji up before it gives it away.
    await expect(composer(popUp(page), lead)).toHaveValue("🎉");
    await page.keyboard.press("Escape");
    await composer(popUp(page), lead).fill("");
  });

  await test.step("the page hears what is unread", async () => {
    await popUp(page).getByTestId("conversation").getByRole("button", { name: "Close" }).click();
    await lead.phone.says("Hello?");
    await expect(page.getByRole("button", { name: /Messages, \d+ unread/ })).toBeVisible();
    await page.getByRole("button", { name: /Messages, \d+ unread/ }).click();
    await expect(popUp(page)).toBeVisible();
  });

  expect(await refused(), "what the host's policy refused").toEqual([]);
  const kept = await page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie]));
  for (const secret of [lead.name, lead.firstName, lead.phone.number, "Yes please", lead.id]) expect(kept).not.toContain(secret);
  const databases = await page.evaluate(async () => (await indexedDB.databases()).map((database) => database.name ?? ""));
  expect(databases.filter((name) => !name.startsWith("emoji-picker"))).toEqual([]);
});

test("the chat belongs to whoever is signed in to the CRM", async ({ device, hub, mira }) => {
  await mira.readEverything();
  const page = await device({ viewport: { width: 1280, height: 900 } });
  const names: (string | null)[] = [];
  page.on("request", (request) => request.url().endsWith("/api/token") && names.push(request.postData()));
  await openHost(page, hub.hostUrl);
  await launcher(page).click();
  await expect(popUp(page).getByRole("combobox", { name: "Search leads" })).toBeVisible();
  await page.getByLabel("Signed in as").selectOption({ label: "Jonas Okafor" });
  await expect.poll(() => names).toHaveLength(2);
  expect(names[1]).toContain("jonas@");
  await expect(popUp(page).getByRole("combobox", { name: "Search leads" })).toBeVisible();
});

for (const colorScheme of ["light", "dark"] as const) {
  test(`axe finds nothing on the CRM, ${colorScheme}`, async ({ device, hub, someone }) => {
    const lead = someone();
    const page = await device({ colorScheme, viewport: { width: 1280, height: 900 }, reducedMotion: "reduce" });
    await openHost(page, hub.hostUrl);
    if (colorScheme === "dark") await page.getByRole("button", { name: "Dark" }).click();
    await chooseLead(page, lead);
    await expectAccessible(page);
    await page.getByRole("button", { name: "Chat with this lead" }).click();
    await expect(way(popUp(page), "WhatsApp", lead.phone.number)).toBeVisible();
    await expectAccessible(page);
  });
}

test("a token that ended is replaced, and one that does not come is asked for again", async ({ device, hub }) => {
  const page = await device();
  let calls = 0;
  await page.route("**/host/api/token", async (route) => {
    calls++;
    if (calls === 1) await route.abort();
    else if (calls === 2) await route.fulfill({ json: { token: "long-over" } });
    else await route.continue();
  });
  await openHost(page, hub.hostUrl);
  await launcher(page).click();
  // The third answer is good: it is asked for by itself.
  await expect(popUp(page).getByRole("combobox", { name: "Search leads" })).toBeVisible();
  expect(calls).toBe(3);
});

test("a page whose server gives no token says so quietly", async ({ device, hub }) => {
  const page = await device();
  await page.route("**/host/api/token", (route) => route.abort());
  await openHost(page, hub.hostUrl);
  await launcher(page).click();
  await expect(popUp(page)).toContainText("This page could not sign you in to Converse");
  await expectAccessible(page);
  await page.unroute("**/host/api/token");
  await popUp(page).getByRole("button", { name: "Try again" }).click();
  await expect(popUp(page).getByRole("combobox", { name: "Search leads" })).toBeVisible();
});

test("a site that is not allowed is refused in clear words, until an administrator allows it", async ({ device, hub, wire }) => {
  const ada = await Api.signIn(hub, "Ada");
  const host = new URL(hub.hostUrl).origin;
  // The page includes the script twice and the element twice: there is one chat all the same.
  wire.page(
    "/deals",
    `<!doctype html><html lang="en"><head><meta charset="utf-8" /><title>Deals</title></head><body><main><h1>Deals</h1></main>
     <script>window.Converse = { getToken: () => window.giveToken() };</script>
     <script src="${hub.url}/widget.js"></script><script type="module" src="${hub.url}/widget.js"></script>
     <converse-widget></converse-widget><converse-widget></converse-widget></body></html>`,
  );
  const page = await device();
  await page.exposeFunction("giveToken", async () => {
    const response = await fetch(`${host}/host/api/token`, { method: "POST", body: JSON.stringify({ email: hub.login("Mira").email }) });
    return (await response.json()) as unknown;
  });
  await page.goto(`${wire.url}/deals`);

  await test.step("it is refused", async () => {
    await launcher(page).click();
    await expect(popUp(page)).toContainText("Converse may not be used on this page");
    await expect(popUp(page)).toContainText(wire.url);
    await expectAccessible(page);
  });

  await test.step("it works once it is allowed", async () => {
    await ada.call("AdminService/AddOrigin", { origin: wire.url });
    await popUp(page).getByRole("button", { name: "Try again" }).click();
    await expect(popUp(page).getByRole("combobox", { name: "Search leads" })).toBeVisible();
    await expect(launcher(page)).toHaveCount(1);
  });

  await test.step("the element may be moved, taken out and put back", async () => {
    await page.evaluate(() => {
      const [first, second] = document.querySelectorAll("converse-widget");
      document.querySelector("main")?.append(first as Node);
      second?.remove();
    });
    await expect(popUp(page).getByRole("combobox", { name: "Search leads" })).toBeVisible();
    await page.evaluate(() => document.querySelector("converse-widget")?.remove());
    await expect(launcher(page)).toHaveCount(0);
    await page.evaluate(() => document.body.append(document.createElement("converse-widget")));
    await expect(popUp(page).getByRole("combobox", { name: "Search leads" })).toBeVisible();
  });

  await test.step("removing the site ends it within seconds, on pages that are open too", async () => {
    await ada.call("AdminService/RemoveOrigin", { origin: wire.url });
    await expect(popUp(page)).toContainText("Converse may not be used on this page", { timeout: 5_000 });
  });
});

test("an administrator allows a site and learns what a page needs", async ({ device, hub }) => {
  const page = await device({ user: "Ada", viewport: { width: 1280, height: 900 }, reducedMotion: "reduce" });
  await page.goto("/settings/embedding");
  const sites = page.getByTestId("sites");
  await expect(sites.getByText(new URL(hub.hostUrl).origin, { exact: true })).toBeVisible();

  await page.getByLabel("Site", { exact: true }).fill("http://crm.example.com/deals");
  await page.getByRole("button", { name: "Add site" }).click();
  await expect(page.getByRole("alert")).toContainText("must end after the host");
  await page.getByLabel("Site", { exact: true }).fill("https://CRM.example.com");
  await page.getByRole("button", { name: "Add site" }).click();
  await expect(sites.getByText("https://crm.example.com", { exact: true })).toBeVisible();
  await expect(page.getByLabel("Site", { exact: true })).toHaveValue("");
  await expectAccessible(page);

  await expect(page.getByRole("region", { name: "On your pages" })).toContainText(`<script src="${hub.url}/widget.js" async>`);
  await page.getByTestId("policy").fill("default-src 'self'");
  await expect(page.getByRole("status").filter({ hasText: "This policy keeps the widget from working." })).toBeVisible();
  await page.getByTestId("policy").fill((await page.getByRole("region", { name: "Content policy" }).innerText()).replaceAll("\n", " "));
  await expect(page.getByRole("status").filter({ hasText: "This policy allows the widget." })).toBeVisible();
  await expectAccessible(page);

  await page.getByRole("button", { name: "Remove https://crm.example.com" }).click();
  await page.getByTestId("confirm").getByRole("button", { name: "Remove" }).click();
  await expect(sites.getByText("https://crm.example.com", { exact: true })).toBeHidden();
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(sites.getByText("https://crm.example.com", { exact: true })).toBeVisible();
});
