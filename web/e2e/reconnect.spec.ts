import { bubble, composer, expectTick, row, send, thread } from "./support/screen.js";
import { expect, test, type Page } from "./support/test.js";

/** Marks the page, to see that it is still the same one and was not loaded again. */
async function mark(page: Page): Promise<() => Promise<unknown>> {
  await page.evaluate(() => Object.assign(window, { markOfTheTest: true }));
  return () => page.evaluate(() => "markOfTheTest" in window);
}

test("a cut line comes back with everything missed, in order and without a reload", async ({ device, someone, wire, mira }) => {
  const [lead, other] = [someone(), someone()];
  await lead.phone.says("Before the cut");
  const id = await mira.conversation(lead.id, "whatsapp", lead.identifierId);
  const page = await device({ user: "Mira", baseURL: wire.url });
  await page.goto(`/c/${id}`);
  const sent = await send(page, lead, "Sent before the cut");
  await expectTick(sent, "Delivered");
  const stillThere = await mark(page);

  wire.cut();
  await expect(page.getByRole("status").getByText("Reconnecting…")).toBeVisible();
  await lead.phone.says("Missed one");
  await lead.phone.turn({ autoRead: true });
  await mira.send(id, "Written on another device");
  await lead.phone.says("Missed two");
  await other.phone.says("And somebody new");
  await expect(bubble(page, "Missed one")).toHaveCount(0);

  wire.mend();
  await expect(thread(page, lead).getByTestId("message")).toHaveText([
    /Before the cut/,
    /Sent before the cut/,
    /Missed one/,
    /Written on another device/,
    /Missed two/,
  ]);
  await expectTick(bubble(page, "Written on another device"), "Read");
  await expect(row(page, other)).toContainText("And somebody new");
  await expect(row(page, other)).toContainText("1 unread message");
  await expect(page.getByText("Reconnecting…")).toBeHidden();
  expect(await stillThere()).toBe(true);
});

test("more than a page of missed messages leaves no hole", async ({ device, someone, wire, mira }) => {
  const lead = someone();
  await lead.phone.says("The first");
  const id = await mira.conversation(lead.id, "whatsapp", lead.identifierId);
  const page = await device({ user: "Mira", baseURL: wire.url });
  await page.goto(`/c/${id}`);
  await expect(bubble(page, "The first")).toBeVisible();

  wire.cut();
  await lead.phone.sends({ text: "Missed number", count: 60 });
  wire.mend();
  // The user was at the end, and still is.
  await expect(bubble(page, "Missed number 60")).toBeInViewport();
  const known = (await mira.messages(id)).map((message) => message.text);
  expect(known).toHaveLength(61);
  await expect(thread(page, lead).locator(".bubble-text")).toContainText(known);
});

test("a session that ended elsewhere leads to the sign-in page and back", async ({ device, someone, mira }) => {
  const lead = someone();
  await lead.phone.says("Are you there?");
  const id = await mira.conversation(lead.id, "whatsapp", lead.identifierId);
  const page = await device({ user: "Mira" });
  await page.goto(`/c/${id}`);
  await composer(page, lead).fill("half a sentence");
  const tab = await page.context().newPage();
  await tab.goto("/");
  await tab.getByRole("button", { name: "Profile: Mira Lindqvist" }).click();
  await tab.getByRole("menuitem", { name: "Sign out" }).click();

  await expect(page.getByRole("heading", { name: "Sign in" })).toBeVisible();
  await page.getByRole("button", { name: "Mira Lindqvist" }).click();
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  await expect(page).toHaveURL(`/c/${id}`);
  await expect(composer(page, lead)).toHaveValue("half a sentence");
});
