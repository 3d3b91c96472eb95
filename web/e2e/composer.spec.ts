import type { Api } from "./support/api.js";
import { bubble, composer, expectTick, row, send, switchTo, way } from "./support/screen.js";
import { expect, test, type Page, type Person } from "./support/test.js";

/** Opens a WhatsApp conversation; with `says` the lead has written, so the window is open. */
async function open(page: Page, mira: Api, lead: Person, says = ""): Promise<string> {
  if (says) await lead.phone.says(says);
  const id = await mira.conversation(lead.id, "whatsapp", lead.identifierId);
  await page.goto(`/c/${id}`);
  await expect(page.getByRole("heading", { name: lead.name, level: 2 }).first()).toBeVisible();
  return id;
}

test("drafts belong to their conversation and survive a reload", async ({ device, someone, mira }) => {
  const [one, two] = [someone(), someone()];
  const page = await device({ user: "Mira" });
  await open(page, mira, two, "Good morning");
  await open(page, mira, one, "Good evening");
  await composer(page, one).fill("For the first lead");
  await row(page, two).click();
  await expect(composer(page, two)).toHaveValue("");
  await expect(row(page, one)).toContainText("Draft: For the first lead");
  await composer(page, two).fill("For the second lead");
  await page.reload();
  await expect(composer(page, two)).toHaveValue("For the second lead");
  await row(page, one).click();
  await expect(composer(page, one)).toHaveValue("For the first lead");
  await composer(page, one).press("Enter");
  await expectTick(bubble(page, "For the first lead"), "Delivered");
  await expect(composer(page, one)).toHaveValue("");
  await expect(row(page, one)).not.toContainText("Draft");
});

test("Shift and Enter begin a new line, Enter sends, and emoji come from the picker", async ({ device, someone, mira }) => {
  const lead = someone();
  const page = await device({ user: "Mira" });
  await open(page, mira, lead, "Hello");
  await expect(page.getByRole("button", { name: "Send" })).toBeDisabled();
  await composer(page, lead).pressSequentially("First line");
  await composer(page, lead).press("Shift+Enter");
  await composer(page, lead).pressSequentially("second line ");
  await expect(composer(page, lead)).toHaveValue("First line\nsecond line ");

  await page.getByRole("button", { name: "Emoji" }).click();
  const picker = page.getByRole("dialog", { name: "Emoji" });
  await picker.getByRole("combobox", { name: "Search" }).fill("party popper");
  await picker.getByRole("option", { name: /party popper/i }).click();
  await expect(composer(page, lead)).toHaveValue("First line\nsecond line 🎉");
  await page.keyboard.press("Escape");
  await expect(picker).toBeHidden();
  await expect(composer(page, lead)).toBeFocused();

  await composer(page, lead).press("Enter");
  await expectTick(bubble(page, "First line"), "Delivered");
  expect(await lead.phone.texts()).toEqual(["First line\nsecond line 🎉"]);
});

test("an Enter that ends a composition of an input method does not send", async ({ device, someone, mira }) => {
  const lead = someone();
  const page = await device({ user: "Mira" });
  await open(page, mira, lead, "Hello");
  await composer(page, lead).fill("こんにちは");
  await composer(page, lead).evaluate((field) => {
    field.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", isComposing: true, bubbles: true, cancelable: true }));
  });
  await expect(composer(page, lead)).toHaveValue("こんにちは");
  await composer(page, lead).press("Enter");
  await expectTick(bubble(page, "こんにちは"), "Delivered");
  expect(await lead.phone.texts()).toEqual(["こんにちは"]);
});

test("a lead with two numbers is asked which one, and each keeps its own conversation", async ({ device, someone }) => {
  const lead = someone({ numbers: 2 });
  const page = await device({ user: "Mira" });
  await page.goto("/");
  await page.getByRole("combobox", { name: "Search leads" }).fill(lead.firstName);
  await page.getByRole("option", { name: lead.name }).click();
  const question = page.getByRole("dialog", { name: lead.name });
  await expect(question.getByRole("list", { name: "Start a conversation" }).getByRole("button")).toHaveCount(4);
  await way(question, "SMS", lead.office.number).click();
  await send(page, lead, "To the office");
  await expectTick(bubble(page, "To the office"), "Delivered");

  await switchTo(page, "SMS", lead.phone.number);
  await send(page, lead, "To the mobile");
  await expectTick(bubble(page, "To the mobile"), "Delivered");
  await expect(bubble(page, "To the office")).toHaveCount(0);
  expect(await lead.office.texts()).toEqual(["To the office"]);
  expect(await lead.phone.texts()).toEqual(["To the mobile"]);
});

test("a closed window takes free text away, keeps the draft and offers the ways on", async ({ device, someone, mira }) => {
  const lead = someone();
  const page = await device({ user: "Mira" });
  await page.clock.install();
  const id = await open(page, mira, lead, "Until tomorrow");
  await composer(page, lead).fill("A thought for later");
  await page.clock.fastForward("20:30:00");
  await expect(page.getByTestId("window-closing")).toHaveText(/^The WhatsApp window closes in 3 h \d+ min\.$/);
  await expect(composer(page, lead)).toBeVisible();

  await page.clock.fastForward("04:00:00");
  const closed = page.getByRole("region", { name: "The WhatsApp window is closed." });
  await expect(closed).toContainText(`When ${lead.firstName} answers, you can write freely for 24 hours.`);
  await expect(closed).toContainText("Your draft is kept.");
  await expect(closed).toContainText("A thought for later");
  await expect(composer(page, lead)).toHaveCount(0);

  await closed.getByRole("button", { name: "Send an SMS instead" }).click();
  await expect(page).not.toHaveURL(`/c/${id}`);
  await expect(composer(page, lead)).toHaveValue("A thought for later");
  await expect(page.getByText("19 of 160 characters, 1 segment")).toBeAttached();
});

test("an SMS says what it costs before it is sent", async ({ device, someone, mira }) => {
  const lead = someone();
  const page = await device({ user: "Mira" });
  await page.goto(`/c/${await mira.conversation(lead.id, "sms", lead.identifierId)}`);
  await composer(page, lead).fill("a".repeat(161));
  await expect(page.getByTestId("composer")).toContainText("161 of 306 characters, 2 segments");
  await composer(page, lead).fill("Grüße 🎉");
  await expect(page.getByTestId("composer")).toContainText("8 of 70 characters, 1 segment");
});
