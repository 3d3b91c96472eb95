import type { Locator } from "@playwright/test";
import { Api } from "./support/api.js";
import { expectAccessible } from "./support/axe.js";
import { bubble, composer, row, thread } from "./support/screen.js";
import { expect, test, type Page, type Person } from "./support/test.js";

const bar = (page: Page): Locator => page.getByRole("tablist", { name: "Open conversations" });
const tabs = (page: Page): Locator => bar(page).getByRole("tab");
const tab = (page: Page, person: Person): Locator => bar(page).getByRole("tab", { name: person.name });

async function open(page: Page, person: Person): Promise<void> {
  await row(page, person).click();
  await expect(composer(page, person)).toBeFocused();
  await expect(tab(page, person)).toHaveAttribute("aria-selected", "true");
}

const tabNames = (page: Page): Promise<string[]> => tabs(page).locator(".tab-name").allTextContents();

test("three leads are at hand over the thread", async ({ device, someone, mira }) => {
  const [ann, ben, cleo] = [someone(), someone(), someone()];
  for (const person of [ann, ben, cleo]) await person.phone.says(`Hello from ${person.firstName}`);
  const page = await device({ user: "Mira" });
  await page.goto("/");
  await expect(bar(page)).toHaveCount(0);
  for (const person of [ann, ben, cleo]) await open(page, person);
  await expect(tabs(page)).toHaveCount(3);

  await test.step("keys choose one, and passing over another does not read it", async () => {
    await tab(page, cleo).focus();
    await page.keyboard.press("Home");
    await expect(tab(page, ann)).toBeFocused();
    await ben.phone.says("Are you there?");
    await expect(tab(page, ben)).toContainText("1 unread message");
    await page.keyboard.press("ArrowRight");
    await expect(tab(page, ben)).toBeFocused();
    await expect(thread(page, cleo)).toBeVisible();
    await page.keyboard.press("End");
    await page.keyboard.press("ArrowRight");
    await expect(tab(page, ann)).toBeFocused();
    await page.keyboard.press("ArrowLeft");
    await expect(tab(page, cleo)).toBeFocused();
    await expect(tab(page, ben)).toContainText("1 unread message");
    await page.keyboard.press("ArrowLeft");
    await page.keyboard.press("Enter");
    await expect(bubble(page, "Are you there?")).toBeVisible();
    await expect(composer(page, ben)).toBeFocused();
    await expect(tab(page, ben)).not.toContainText("unread");
    await page.keyboard.press("Alt+Digit3");
    await expect(composer(page, cleo)).toBeFocused();
  });

  await test.step("a draft stays with its tab, through a reload", async () => {
    await composer(page, cleo).fill("What I wanted to say");
    await expect(tab(page, cleo).getByTestId("tab-draft")).toHaveCount(0);
    await page.keyboard.press("Alt+Digit1");
    await expect(tab(page, cleo).getByTestId("tab-draft")).toBeVisible();
    const stored = await page.evaluate(() => Object.entries(localStorage).filter(([key]) => key.startsWith("converse:tabs:")));
    expect(stored).toHaveLength(1);
    expect(stored[0]?.[1]).toMatch(/^[0-9a-f\- \n]+$/);
    await page.reload();
    await expect(thread(page, ann)).toBeVisible();
    expect(await tabNames(page)).toEqual([ann.name, ben.name, cleo.name]);
    await expect(tab(page, cleo).getByTestId("tab-draft")).toBeVisible();
    await tab(page, cleo).click();
    await expect(composer(page, cleo)).toHaveValue("What I wanted to say");
    await composer(page, cleo).fill("");
  });

  await test.step("a colleague's reply shows on the tab", async () => {
    const id = await mira.conversation(ben.id, "whatsapp", ben.identifierId);
    const jonas = await device({ user: "Ada" });
    await jonas.goto(`/c/${id}`);
    await composer(jonas, ben).pressSequentially("I will");
    await expect(tab(page, ben).getByTestId("tab-replying")).toContainText("Ada");
    await composer(jonas, ben).fill("");
  });

  await test.step("nothing is in anybody's way", () => expectAccessible(page));

  await test.step("Delete, the middle button and the cross close them", async () => {
    await tab(page, cleo).focus();
    await page.keyboard.press("Delete");
    await expect(thread(page, ben)).toBeVisible();
    await expect(tab(page, ben)).toBeFocused();
    await expect(tabs(page)).toHaveCount(2);
    await tab(page, ann).click({ button: "middle" });
    await expect(tabs(page)).toHaveCount(1);
    await page.getByTestId("close-tab").click();
    await expect(page.getByText("Choose a conversation")).toBeVisible();
    await expect(bar(page)).toHaveCount(0);
    await page.reload();
    await expect(row(page, ann)).toBeVisible();
    await expect(bar(page)).toHaveCount(0);
  });
});

test("the eleventh takes the place of the one used longest ago that has no draft", async ({ device, someone }) => {
  // Beside the demo's.
  for (const lead of [someone(), someone()]) await lead.phone.says("Hello");
  const page = await device({ user: "Mira" });
  await page.goto("/");
  const { keyboard } = page;
  const input = page.getByRole("textbox", { name: "Message to" });
  await expect(page.getByTestId("conversation-row").first()).toBeVisible();
  const next = async () => {
    const before = page.url();
    await keyboard.press("Alt+ArrowDown");
    await expect(page).not.toHaveURL(before);
    await expect(page.getByRole("tab", { selected: true }).locator(".tab-name")).not.toHaveText("Loading");
  };
  for (let i = 0; i < 10; i++) await next();
  await expect(tabs(page)).toHaveCount(10);
  const ids = await page.getByTestId("tab").evaluateAll((all) => all.map((one) => one.dataset.conversation));
  await keyboard.press("Alt+Digit1");
  await expect(input).toBeFocused();
  await input.fill("Not yet");
  await keyboard.press("Alt+Digit3");
  await expect(page).toHaveURL(`/c/${ids[2] ?? ""}`);
  await tabs(page).nth(9).click();
  await next();
  await expect(tabs(page)).toHaveCount(10);
  const after = await page.getByTestId("tab").evaluateAll((all) => all.map((one) => one.dataset.conversation));
  const newest = new URL(page.url()).pathname.slice(3);
  expect(after).toEqual([ids[0], newest, ...ids.slice(2)]);
  // The tenth has no digit; the bar keeps the one on screen in sight.
  await tabs(page).nth(9).click();
  await expect(tabs(page).nth(9)).toBeInViewport({ ratio: 0.9 });
  await keyboard.press("Alt+Digit1");
  await expect(input).toHaveValue("Not yet");
  await expect(tabs(page).first()).toBeInViewport({ ratio: 0.9 });
});

test("an erased lead's tab goes by itself, and does not come back", async ({ device, hub, someone }) => {
  const [lost, kept] = [someone(), someone()];
  for (const person of [lost, kept]) await person.phone.says("Hello");
  const page = await device({ user: "Mira" });
  await page.goto("/");
  for (const person of [lost, kept]) await open(page, person);
  await expect(tabs(page)).toHaveCount(2);
  await (await Api.signIn(hub, "Ada")).call("LeadService/EraseLead", { leadId: lost.id, confirm: "erase" });
  await expect(tabs(page)).toHaveCount(1);
  await expect(tab(page, kept)).toHaveAttribute("aria-selected", "true");
  await page.reload();
  await expect(tab(page, kept)).toBeVisible();
  await expect(tabs(page)).toHaveCount(1);
});

test("a tab keeps the place in its thread", async ({ device, someone, mira }) => {
  const [long, other] = [someone(), someone()];
  await other.phone.says("Short");
  await long.phone.says("Let us begin");
  const id = await mira.conversation(long.id, "whatsapp", long.identifierId);
  for (let i = 1; i <= 30; i++) await mira.send(id, `Line ${i}.`);
  await mira.readEverything();
  const page = await device({ user: "Mira" });
  await page.goto("/");
  await open(page, other);
  await open(page, long);
  await expect(bubble(page, "Line 30.")).toBeInViewport();
  await bubble(page, "Line 4.").scrollIntoViewIfNeeded();
  await expect(bubble(page, "Line 30.")).not.toBeInViewport();
  await tab(page, other).click();
  await expect(bubble(page, "Short")).toBeVisible();
  await tab(page, long).click();
  await expect(bubble(page, "Line 4.")).toBeInViewport();
  await expect(bubble(page, "Line 30.")).not.toBeInViewport();
});

test("a phone has no bar: list and thread are two pages", async ({ device, someone }) => {
  const lead = someone();
  await lead.phone.says("Hello");
  const page = await device({ user: "Mira", viewport: { width: 360, height: 740 } });
  await page.goto("/");
  await row(page, lead).click();
  await expect(thread(page, lead)).toBeVisible();
  await expect(page.getByTestId("tabs")).toBeHidden();
  await page.getByRole("button", { name: "Back" }).click();
  await expect(row(page, lead)).toBeVisible();
  await expect(page.getByTestId("tabs")).toBeHidden();
});
