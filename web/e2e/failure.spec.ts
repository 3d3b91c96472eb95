import { bubble, expectTick, send } from "./support/screen.js";
import type { Api } from "./support/api.js";
import { expect, test, type Page, type Person } from "./support/test.js";

async function open(page: Page, mira: Api, lead: Person): Promise<void> {
  await lead.phone.says("Hello");
  await page.goto(`/c/${await mira.conversation(lead.id, "whatsapp", lead.identifierId)}`);
  await expect(bubble(page, "Hello")).toBeVisible();
}

test("a provider that takes a message and never answers leaves it unsure, never doubled", async ({ device, someone, mira }) => {
  // The hub gives a provider half a minute.
  test.setTimeout(120_000);
  const lead = someone();
  const page = await device({ user: "Mira" });
  await open(page, mira, lead);
  await lead.phone.fault("drop_receipts");
  await lead.phone.fault("hang");
  const text = await send(page, lead, "Did you get this?");
  await expectTick(text, "Sending");
  await expect(text.getByTestId("unsure")).toContainText("The provider may have sent this. Checking…", { timeout: 60_000 });
  await expectTick(text, "Not sure whether it was sent");

  await test.step("sending again is warned of, and can be left", async () => {
    await text.getByRole("button", { name: "Send again" }).click();
    const warning = page.getByRole("dialog", { name: "Send this message again?" });
    await expect(warning).toContainText("the lead gets the message twice");
    await warning.getByRole("button", { name: "Cancel" }).click();
    await expect(warning).toBeHidden();
  });

  await test.step("a receipt settles it", async () => {
    const [call] = await lead.phone.calls();
    if (!call) throw new Error("the provider was never called");
    await lead.phone.receipt(call, "delivered");
    await expectTick(text, "Delivered");
    await expect(text.getByTestId("unsure")).toBeHidden();
    expect(await lead.phone.texts()).toEqual(["Did you get this?"]);
  });
});

test("a failed message says why and what to do, and goes out again as a new one", async ({ device, someone, mira }) => {
  const lead = someone();
  const page = await device({ user: "Mira" });
  await open(page, mira, lead);
  await lead.phone.fault("not_registered");
  const text = await send(page, lead, "The price is 420,000.");
  await expectTick(text, "Not delivered");
  await expect(text.getByTestId("failure")).toContainText("Not delivered: this number is not on WhatsApp");
  await expect(text.getByTestId("failure")).toContainText("Send an SMS instead");

  await lead.phone.calm("not_registered");
  await text.getByRole("button", { name: "Send again" }).click();
  await expect(text).toHaveCount(2);
  await expectTick(text.nth(1), "Delivered");
  await expectTick(text.nth(0), "Not delivered");
  await expect(text.nth(0)).toContainText("Sent again");
  const [first, second] = await lead.phone.calls();
  expect(second?.text).toBe(first?.text);
  expect(second?.id).not.toBe(first?.id);
});

test("an unsure message that is sent again after the warning is a second message", async ({ device, someone, mira }) => {
  const lead = someone();
  const page = await device({ user: "Mira" });
  await open(page, mira, lead);
  await lead.phone.fault("drop_receipts");
  await lead.phone.fault("reset");
  const text = await send(page, lead, "Are you coming?");
  await expectTick(text, "Not sure whether it was sent");
  await lead.phone.calm("reset");
  await text.getByRole("button", { name: "Send again" }).click();
  await page.getByRole("dialog", { name: "Send this message again?" }).getByRole("button", { name: "Send again" }).click();
  await expectTick(text.nth(1), "Sent");
  await expect(text.nth(0)).toContainText("Sent again");
  expect(await lead.phone.texts()).toEqual(["Are you coming?", "Are you coming?"]);
});

test("a message the hub refuses keeps its text and can be edited", async ({ device, someone, mira }) => {
  const lead = someone();
  const page = await device({ user: "Mira" });
  await open(page, mira, lead);
  // The window closes on the way: the screen could not know.
  await page.route("**/converse.v1.ConversationService/SendMessage", (route) =>
    route.fulfill({
      status: 400,
      contentType: "application/json",
      body: JSON.stringify({ code: "failed_precondition", message: "This lead has opted out of messages." }),
    }),
  );
  const text = await send(page, lead, "A last try");
  await expectTick(text, "Not delivered");
  await expect(text.getByTestId("failure")).toContainText("This lead has opted out of messages.");
  await text.getByRole("button", { name: "Edit" }).click();
  await expect(page.getByTestId("composer-text")).toHaveValue("A last try");
  await expect(text).toHaveCount(0);
});

test("a throttled message waits and goes out by itself", async ({ device, someone, mira }) => {
  const lead = someone();
  const page = await device({ user: "Mira" });
  await open(page, mira, lead);
  await lead.phone.fault("throttle", { delayMs: 1000 });
  const text = await send(page, lead, "Patience");
  await expect.poll(async () => (await lead.phone.calls()).length).toBeGreaterThan(0);
  await lead.phone.calm("throttle");
  await expectTick(text, "Delivered");
  expect((await lead.phone.calls()).filter((call) => call.accepted)).toHaveLength(1);
});
