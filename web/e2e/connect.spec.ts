import { createHmac } from "node:crypto";
import { expectAccessible } from "./support/axe.js";
import { expect, test } from "./support/test.js";

const appSecret = "0123456789abcdef0123456789abcdef";

/** A WhatsApp message as Meta posts it to an account's webhook. */
function message(number: string, from: string, text: string): string {
  const value = {
    messaging_product: "whatsapp",
    metadata: { display_phone_number: "12025550199", phone_number_id: number },
    contacts: [{ profile: { name: "Somebody" }, wa_id: from }],
    messages: [{ from, id: `wamid.${crypto.randomUUID()}`, timestamp: String(Math.floor(Date.now() / 1000)), type: "text", text: { body: text } }],
  };
  return JSON.stringify({ object: "whatsapp_business_account", entry: [{ id: "102290129340398", changes: [{ field: "messages", value }] }] });
}

test("an administrator connects a second WhatsApp account and its first message arrives", async ({ device, hub }) => {
  const page = await device({ user: "Ada" });
  await page.goto("/settings/connectors");
  await page.getByTestId("connect").click();
  await page.getByTestId("provider-whatsapp_cloud").click();
  await page.getByTestId("connector-name").fill("Second WhatsApp");
  await page.getByTestId("field-waba_id").fill("102290129340398");
  await page.getByTestId("field-access_token").fill("a wrong token");
  await page.getByTestId("field-app_secret").fill(appSecret);
  await page.getByText("More settings").click();
  await page.getByTestId("connector-baseUrl").fill(hub.sandboxUrl);
  await page.getByTestId("test-connection").click();
  await expect(page.getByTestId("test-result")).toContainText("does not accept these keys");
  await expectAccessible(page);

  await page.getByTestId("next").click();
  await page.getByTestId("add-number").click();
  await page.getByTestId("number-address").fill("+1 202 555 0199");
  await page.getByTestId("create").click();
  await expect(page.getByText("is required").first()).toBeVisible(); // the id at the provider
  await page.getByTestId("number-ref").fill("106540352242999");
  await page.getByTestId("create").click();
  await expect(page.getByTestId("first-call")).toContainText("Waiting");
  await expect(page.getByTestId("made-verify_token")).not.toBeEmpty();
  const address = await page.getByTestId("webhook-address").innerText();
  const body = message("106540352242999", "12025550764", "Is the flat still free?");
  const signature = createHmac("sha256", appSecret).update(body).digest("hex");
  const sent = await fetch(address, { method: "POST", headers: { "Content-Type": "application/json", "X-Hub-Signature-256": `sha256=${signature}` }, body });
  expect(sent.status).toBe(200);
  await expect(page.getByTestId("first-call")).toContainText("has called");
  await expectAccessible(page);
  await page.getByTestId("next").click();

  await page.getByRole("button", { name: "Open the connector" }).click();
  await page.getByTestId("connector-tabs").getByRole("button", { name: "Callbacks" }).click();
  await expect(page.getByRole("region", { name: "Callbacks" })).toContainText("Shown");
  await page.getByTestId("connector-tabs").getByRole("button", { name: "Settings" }).click();
  await page.getByTestId("delete-connector").click();
  await page.getByTestId("confirm").getByRole("button", { name: "Delete connector" }).click();
  await expect(page.getByTestId("connectors")).not.toContainText("Second WhatsApp");
});
