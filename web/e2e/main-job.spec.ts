import { answer, openThread, pickUp, turn } from "./support/handset.js";
import { bubble, composer, expectTick, pick, row, send, switchTo, tick } from "./support/screen.js";
import { expect, test, type Page } from "./support/test.js";

test.use({ viewport: { width: 1400, height: 900 } });

test("a newcomer chats with a lead on WhatsApp and SMS and watches the ticks", async ({ device, hub, someone }) => {
  const lead = someone();
  const page = await device();
  const phone = await pickUp(await device(), hub, lead);

  await test.step("signs in with a demo account", async () => {
    await page.goto("/");
    await page.getByRole("button", { name: "Mira Lindqvist" }).click();
    await page.getByRole("button", { name: "Sign in", exact: true }).click();
    await expect(page.getByRole("heading", { name: "Inbox" })).toBeAttached();
  });

  await test.step("finds a lead and sends a template", async () => {
    await pick(page, lead, "WhatsApp");
    await expect(page.getByRole("region", { name: "WhatsApp asks for a template first." })).toBeVisible();
    await turn(phone, "Flight mode", true);
    await page.getByRole("button", { name: "All templates" }).click();
    const picker = page.getByRole("dialog", { name: "Templates" });
    await picker.getByRole("button", { name: "viewing_invitation" }).click();
    await expect(picker.getByRole("textbox", { name: "Variable 1" })).toHaveValue(lead.firstName);
    await picker.getByRole("textbox", { name: "Variable 2" }).fill("12 Quay Street");
    await picker.getByRole("button", { name: "Send template" }).click();
  });
  const invitation = bubble(page, `Hello ${lead.firstName}, thank you for asking about 12 Quay Street.`);

  await test.step("the tick goes one, two, read, as the phone reports it", async () => {
    await expectTick(invitation, "Sent");
    await turn(phone, "Flight mode", false);
    await expectTick(invitation, "Delivered");
    const log = await openThread(phone, "12 Quay Street");
    await expect(log).toContainText(`Hello ${lead.firstName}, thank you for asking about 12 Quay Street.`);
    await expectTick(invitation, "Read");
  });

  await test.step("the lead answers and the window opens", async () => {
    await answer(phone, "Thursday at five would be great");
    await expect(bubble(page, "Thursday at five would be great")).toBeVisible();
    await expect(composer(page, lead)).toBeVisible();
    await expect(row(page, lead)).toContainText("Thursday at five would be great");
  });

  await test.step("free text shows the clock until the hub has it", async () => {
    const release = await holdSending(page);
    const text = await send(page, lead, "See you on Thursday then 👋");
    await expectTick(text, "Waiting to be sent");
    release();
    await expectTick(text, "Read");
    await expect(phone.getByRole("log")).toContainText("See you on Thursday then 👋");
  });

  await test.step("the timeline says who reported what", async () => {
    await tick(bubble(page, "See you on Thursday then"), "Read").click();
    const timeline = page.getByRole("dialog", { name: "Timeline" });
    await expect(timeline.getByRole("listitem").first()).toHaveText(/^Queued.*by Mira Lindqvist$/);
    await expect(timeline.getByRole("listitem").last()).toHaveText(/^Read.*reported by WhatsApp$/);
    await page.keyboard.press("Escape");
    await expect(timeline).toBeHidden();
  });

  await test.step("an SMS to the same lead, and the answer", async () => {
    await switchTo(page, "SMS", lead.phone.number);
    const text = await send(page, lead, "And by SMS: bring your ID, please.");
    await expectTick(text, "Delivered");
    await phone.getByRole("button", { name: "Back" }).click();
    await expect(await openThread(phone, "And by SMS")).toContainText("And by SMS: bring your ID, please.");
    await answer(phone, "Will do!");
    await expect(bubble(page, "Will do!")).toBeVisible();
    await expect(row(page, lead)).toHaveCount(2);
  });
});

/** Keeps the hub's answer to a send back, as a slow line would, until it is let go. */
async function holdSending(page: Page): Promise<() => void> {
  let release = () => {};
  const held = new Promise<void>((resolve) => (release = resolve));
  await page.route("**/converse.v1.ConversationService/SendMessage", async (route) => {
    await held;
    await route.continue();
  });
  return release;
}
