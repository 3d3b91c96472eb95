import type { Locator, Page } from "@playwright/test";
import { bubble, composer, expectTick, row, thread } from "./support/screen.js";
import { expect, test } from "./support/test.js";

test("the main job goes without a mouse", async ({ device, hub, someone }) => {
  const lead = someone();
  const page = await device();
  const { keyboard } = page;
  await page.goto("/login");

  await test.step("signs in", async () => {
    const { email, password } = hub.login("Mira");
    await expect(page.getByRole("textbox", { name: "E-mail" })).toBeFocused();
    await keyboard.type(email);
    await keyboard.press("Tab");
    await keyboard.type(password);
    await keyboard.press("Enter");
    await expect(page.getByRole("heading", { name: "Inbox" })).toBeAttached();
  });

  await test.step("finds a lead from anywhere", async () => {
    await keyboard.press("Control+k");
    await expect(page.getByRole("combobox", { name: "Search leads, pages and actions" })).toBeFocused();
    await keyboard.type(lead.name);
    await expect(page.getByRole("option", { selected: true })).toContainText(lead.name);
    await keyboard.press("Enter");
    await expect(page.getByRole("heading", { name: lead.name, level: 1 })).toBeVisible();
  });

  await test.step("begins a conversation", async () => {
    const whatsapp = page.getByRole("list", { name: "Start a conversation" }).getByRole("button").first();
    await tabTo(page, whatsapp);
    await keyboard.press("Enter");
    await expect(page.getByRole("region", { name: "WhatsApp asks for a template first." })).toBeVisible();
  });

  await test.step("chooses and fills a template", async () => {
    await tabTo(page, page.getByRole("button", { name: "All templates" }));
    await keyboard.press("Enter");
    await expect(page.getByRole("searchbox", { name: "Search templates" })).toBeFocused();
    await keyboard.type("invitation");
    await tabTo(page, page.getByRole("button", { name: "viewing_invitation" }));
    await keyboard.press("Enter");
    await expect(page.getByRole("textbox", { name: "Variable 2" })).toBeFocused();
    await keyboard.type("12 Quay Street");
    await keyboard.press("Enter");
    await expectTick(bubble(page, "asking about 12 Quay Street"), "Delivered");
  });

  await test.step("answers in the inbox, with the focus in the composer", async () => {
    await lead.phone.says("Gladly!");
    await keyboard.press("Control+k");
    await keyboard.type("inbox");
    await keyboard.press("Enter");
    await expect(row(page, lead)).toContainText("Gladly!");
    await keyboard.press("Alt+ArrowDown");
    await expect(composer(page, lead)).toBeFocused();
    await keyboard.type("Until Thursday!");
    await keyboard.press("Enter");
    await expectTick(bubble(page, "Until Thursday!"), "Delivered");
    await expect(composer(page, lead)).toBeFocused();
  });

  await test.step("reads the timeline from the ticks", async () => {
    // Between them is only the choice of what the composer writes: a reply or a note.
    await tabTo(page, thread(page, lead).getByRole("button", { name: /^Delivered/ }).last(), "Shift+Tab", 3);
    await keyboard.press("ArrowUp");
    await keyboard.press("Enter");
    await expect(page.getByRole("dialog", { name: "Timeline" })).toContainText("Delivered");
    await keyboard.press("Escape");
    await expect(page.getByRole("dialog", { name: "Timeline" })).toBeHidden();
  });

  await test.step("sees the list of keys and leaves it", async () => {
    await keyboard.press("Control+/");
    await expect(page.getByRole("dialog", { name: "Keyboard shortcuts" })).toBeVisible();
    await keyboard.press("Escape");
    await expect(page.getByRole("dialog", { name: "Keyboard shortcuts" })).toBeHidden();
  });
});

test("unread conversations are one key away", async ({ device, someone }) => {
  const [first, second, third] = [someone(), someone(), someone()];
  await first.phone.says("I was first");
  await second.phone.says("I was second");
  await third.phone.says("I am on top");
  const page = await device({ user: "Mira" });
  await page.goto("/");
  await row(page, third).click();
  await expect(bubble(page, "I am on top")).toBeVisible();
  await page.keyboard.press("Alt+Shift+ArrowDown");
  await expect(bubble(page, "I was second")).toBeVisible();
  await page.keyboard.press("Alt+Shift+ArrowDown");
  await expect(bubble(page, "I was first")).toBeVisible();
  await page.keyboard.press("Alt+ArrowUp");
  await expect(bubble(page, "I was second")).toBeVisible();
});

/** Presses Tab until the focus is there, as a user would who sees where it is. */
async function tabTo(page: Page, target: Locator, key = "Tab", most = 60): Promise<void> {
  await expect(target).toBeVisible();
  for (let presses = 0; presses < most; presses++) {
    if (await target.evaluate((element) => element === (element.getRootNode() as Document).activeElement)) return;
    await page.keyboard.press(key);
  }
  await expect(target).toBeFocused();
}
