import { bubble, composer, expectTick, pick, row, send } from "./support/screen.js";
import { expect, test } from "./support/test.js";
import { launcher, openCRM, popUp } from "./support/widget.js";

test("any page includes the widget with one script and one element", async ({ device, someone, wire }) => {
  const lead = someone();
  const page = await device({ user: "Mira" });
  await openCRM(page, wire);

  await test.step("a lead is found and written to without leaving the page", async () => {
    await lead.phone.says("Is it still free?");
    await launcher(page).click();
    await pick(popUp(page), lead, "WhatsApp");
    await expect(bubble(popUp(page), "Is it still free?")).toBeVisible();
    await expectTick(await send(popUp(page), lead, "It is!"), "Delivered");
  });

  await test.step("the page's own styles stay outside", async () => {
    const name = popUp(page).getByRole("link", { name: `${lead.name}, opens the lead page in a new tab` });
    await expect(name).toHaveCSS("letter-spacing", "normal");
    await expect(name).toHaveCSS("text-transform", "none");
    await expect(popUp(page).getByRole("button", { name: "Emoji" })).toHaveCSS("border-top-width", "0px");
  });

  await test.step("the lead's name leads to the lead's page in a new tab", async () => {
    const opened = page.context().waitForEvent("page");
    await popUp(page).getByRole("link", { name: `${lead.name}, opens the lead page in a new tab` }).click();
    const tab = await opened;
    await expect(tab.getByRole("heading", { name: lead.name, level: 1 })).toBeVisible();
    await expect(popUp(page)).toBeVisible();
  });

  await test.step("full screen shows list and thread side by side, and goes back", async () => {
    await popUp(page).getByTestId("conversation").getByRole("button", { name: "Full screen" }).click();
    await expect(row(popUp(page), lead)).toBeInViewport();
    await expect(composer(popUp(page), lead)).toBeInViewport();
    await expect.poll(() => popUp(page).boundingBox()).toEqual({ x: 0, y: 0, ...page.viewportSize() });
    await page.keyboard.press("Escape");
    await expect(row(popUp(page), lead)).not.toBeInViewport();
    await page.keyboard.press("Escape");
    await expect(popUp(page)).toBeHidden();
    await expect(launcher(page)).toBeFocused();
  });
});

test("Alt and the M key open and close it on every keyboard layout, also while typing", async ({ device, wire }) => {
  const page = await device({ user: "Mira" });
  await openCRM(page, wire);
  // On a Mac the same key types µ; on a Cyrillic layout it types ь.
  const press = (key: string, shiftKey = false) =>
    page.evaluate(
      ([typed, shift]) => {
        const event = new KeyboardEvent("keydown", { key: typed, code: "KeyM", altKey: true, shiftKey: shift, bubbles: true, cancelable: true, composed: true });
        return !(document.activeElement ?? document.body).dispatchEvent(event);
      },
      [key, shiftKey] as const,
    );
  expect(await press("µ"), "the character is not typed").toBe(true);
  await expect(popUp(page)).toBeVisible();
  await press("ь");
  await expect(popUp(page)).toBeHidden();
  await press("M", true);
  await expect(popUp(page)).toBeVisible();
  await expect.poll(() => popUp(page).boundingBox()).toEqual({ x: 0, y: 0, ...page.viewportSize() });
  await page.keyboard.press("Alt+m");
  await expect(popUp(page)).toBeHidden();
  await page.keyboard.press("m");
  await expect(popUp(page)).toBeHidden();
});

test("a page about a lead offers the ways to reach that lead", async ({ device, someone, wire }) => {
  const lead = someone();
  const page = await device({ user: "Mira" });
  await openCRM(page, wire, `lead-id="${lead.id}"`);
  await launcher(page).click();
  const ways = popUp(page).getByRole("list", { name: "Start a conversation" }).getByRole("button");
  await expect(ways).toHaveText([/WhatsApp/, /SMS/]);
  await ways.nth(1).click();
  await expectTick(await send(popUp(page), lead, "Hello from the CRM"), "Delivered");
});

test("the launcher moves to another corner and stays there", async ({ device, wire }) => {
  const page = await device({ user: "Mira" });
  await openCRM(page, wire);
  const { width, height } = page.viewportSize() ?? { width: 0, height: 0 };
  await launcher(page).hover();
  await page.mouse.down();
  await page.mouse.move(60, 60, { steps: 4 });
  await page.mouse.up();
  await expect(popUp(page), "a drag is no click").toBeHidden();
  await page.reload();
  const corner = async () => {
    const box = await launcher(page).boundingBox();
    return box && `${box.y < height / 2 ? "top" : "bottom"} ${box.x < width / 2 ? "left" : "right"}`;
  };
  await expect.poll(corner).toBe("top left");
  await launcher(page).press("ArrowDown");
  await expect.poll(corner).toBe("bottom left");
});

test("who is not signed in is shown the way, and the widget goes on by itself", async ({ device, wire }) => {
  const page = await device();
  await openCRM(page, wire);
  await launcher(page).click();
  await expect(popUp(page)).toContainText("Sign in to chat with your leads");
  const opened = page.context().waitForEvent("page");
  await popUp(page).getByRole("link", { name: "Sign in" }).click();
  const tab = await opened;
  await tab.getByRole("button", { name: "Jonas Okafor" }).click();
  await tab.getByRole("button", { name: "Sign in", exact: true }).click();
  await expect(tab.getByRole("heading", { name: "Inbox" })).toBeAttached();
  await tab.close();
  await page.evaluate(() => window.dispatchEvent(new Event("focus")));
  await expect(popUp(page).getByRole("combobox", { name: "Search leads" })).toBeVisible();
});

test("on a phone the pop-up has the whole screen, with the composer in sight", async ({ device, someone, wire }) => {
  const lead = someone();
  await lead.phone.sends({ text: "A long story, part", count: 30 });
  const page = await device({ user: "Mira", viewport: { width: 360, height: 640 } });
  await openCRM(page, wire);
  await launcher(page).click();
  await row(popUp(page), lead).click();
  await expect(composer(popUp(page), lead)).toBeInViewport({ ratio: 1 });
  await expect.poll(() => popUp(page).boundingBox()).toEqual({ x: 0, y: 0, width: 360, height: 640 });
});
