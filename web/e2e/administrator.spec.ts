import { createHmac } from "node:crypto";
import type { Hub } from "./support/hub.js";
import { bubble } from "./support/screen.js";
import { expect, test, type Page } from "./support/test.js";

/** Posts a body to the WhatsApp webhook, signed as the provider signs. */
async function post(hub: Hub, body: string): Promise<number> {
  const { webhook_url, signing_secret } = hub.connector("whatsapp_cloud");
  const signature = createHmac("sha256", signing_secret).update(body).digest("hex");
  const headers = { "Content-Type": "application/json", "X-Hub-Signature-256": `sha256=${signature}` };
  return (await fetch(webhook_url, { method: "POST", headers, body })).status;
}

/** A message of a type no version of Converse has heard of. */
function hologram(hub: Hub, from: string): string {
  const value = {
    messaging_product: "whatsapp",
    metadata: { display_phone_number: hub.connector("whatsapp_cloud").sender.slice(1), phone_number_id: "106540352242922" },
    contacts: [{ profile: { name: "Somebody" }, wa_id: from.slice(1) }],
    messages: [{ from: from.slice(1), id: `wamid.${crypto.randomUUID()}`, timestamp: String(Math.floor(Date.now() / 1000)), type: "hologram", hologram: { mood: "blue" } }],
  };
  return JSON.stringify({ object: "whatsapp_business_account", entry: [{ id: "102290129340398", changes: [{ field: "messages", value }] }] });
}

async function count(page: Page, name: string): Promise<number> {
  return Number((await page.locator(".meter-term").filter({ hasText: name }).locator(".meter-value").innerText()).replace(/\D/g, ""));
}

test("a callback that cannot be read is parked, counted, shown and replayed", async ({ device, hub }) => {
  const page = await device({ user: "Ada" });
  await page.goto("/settings/callbacks");
  await expect(page.getByText("Adds up: nothing is lost.")).toBeVisible();
  const before = await count(page, "Parked");
  expect(await post(hub, '{"object":"whatsapp_business_account","entry":[{"changes":"nonsense"')).toBe(200);
  await page.getByRole("button", { name: "Refresh" }).click();
  await expect.poll(() => count(page, "Parked")).toBe(before + 1);
  const parts = await Promise.all(["Shown", "Ignored", "Parked"].map((name) => count(page, name)));
  expect(await count(page, "Received")).toBe(parts.reduce((sum, part) => sum + part, 0));
  await expect(page.getByText("Adds up: nothing is lost.")).toBeVisible();

  await page.getByRole("group", { name: "Result" }).getByRole("button", { name: /^Parked/ }).click();
  const parked = page.getByRole("table").getByRole("row").nth(1);
  await expect(parked).toContainText("Parked");
  await parked.getByRole("button", { name: "View body" }).click();
  const body = page.getByRole("dialog", { name: "Body of the callback" });
  await expect(body).toContainText('"changes":"nonsense"');
  await page.keyboard.press("Escape");
  await expect(body).toBeHidden();

  await parked.getByRole("button", { name: "Replay" }).click();
  await expect(page.getByText(/^Still parked: /)).toBeVisible();
  await expect(parked.getByRole("cell", { name: "1", exact: true })).toBeVisible();
});

test("a forged callback is refused and not stored", async ({ device, hub }) => {
  const page = await device({ user: "Ada" });
  await page.goto("/settings/callbacks");
  await expect(page.getByText("Adds up: nothing is lost.")).toBeVisible();
  const before = await count(page, "Received");
  const forged = await fetch(hub.connector("whatsapp_cloud").webhook_url, {
    method: "POST",
    headers: { "X-Hub-Signature-256": `sha256=${"0".repeat(64)}` },
    body: hologram(hub, "+12025550177"),
  });
  expect(forged.status).toBe(401);
  await page.reload();
  await expect(page.getByText("Adds up: nothing is lost.")).toBeVisible();
  expect(await count(page, "Received")).toBe(before);
});

test("a message of an unknown type is shown as a readable placeholder", async ({ device, hub, someone, mira }) => {
  const lead = someone();
  const page = await device({ user: "Mira" });
  await page.goto(`/c/${await mira.conversation(lead.id, "whatsapp", lead.identifierId)}`);
  expect(await post(hub, hologram(hub, lead.phone.number))).toBe(200);
  const placeholder = page.getByTestId("message");
  await expect(placeholder).toContainText("hologram");
  await lead.phone.says("Did you like it?");
  await expect(bubble(page, "Did you like it?")).toBeVisible();
});

test("connectors show their senders and the address to enter at the provider", async ({ device, hub }) => {
  const page = await device({ user: "Ada", permissions: ["clipboard-read", "clipboard-write"] });
  await page.goto("/");
  await page.getByRole("link", { name: "Settings" }).click();
  await page.getByRole("link", { name: "Connectors" }).click();
  const connector = page.getByTestId("connector").filter({ hasText: "+1 202 555 0101" });
  await expect(connector).toContainText("Active");
  await expect(connector).toContainText("Sales");
  await connector.getByRole("button", { name: "Copy" }).click();
  await expect(connector.getByRole("button", { name: "Copied" })).toBeVisible();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(hub.connector("whatsapp_cloud").webhook_url);
});

test("a connector whose keys are wrong is paused, says so and is resumed", async ({ device, someone, mira }) => {
  const lead = someone();
  const page = await device({ user: "Ada" });
  await page.goto("/settings/connectors");
  await lead.phone.fault("bad_credentials", {}, "sms");
  await mira.send(await mira.conversation(lead.id, "sms", lead.identifierId), "Anybody there?");
  const connector = page.getByTestId("connector").filter({ hasText: "+1 202 555 0100" });
  await expect(connector).toContainText("Paused");
  await lead.phone.calm("bad_credentials", "sms");
  await connector.getByRole("button", { name: "Resume" }).click();
  await expect(connector).toContainText("Active");
  await expect.poll(async () => (await lead.phone.calls()).filter((call) => call.accepted).map((call) => call.text)).toEqual(["Anybody there?"]);
});

test("a sales user finds neither connectors nor callbacks", async ({ device }) => {
  const page = await device({ user: "Mira" });
  await page.goto("/settings/callbacks");
  await expect(page.getByText("This page is for administrators.")).toBeVisible();
  const settings = page.getByRole("navigation", { name: "Settings" });
  await expect(settings.getByRole("link", { name: "My sign-in" })).toBeVisible();
  await expect(settings.getByRole("link", { name: "Connectors" })).toHaveCount(0);
  await expect(settings.getByRole("link", { name: "Callbacks" })).toHaveCount(0);
});
