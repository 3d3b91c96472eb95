import { Api } from "./support/api.js";
import { bubble, expectTick, row, send, thread } from "./support/screen.js";
import { expect, test } from "./support/test.js";
import { launcher, openCRM, popUp } from "./support/widget.js";

// Where Jonas looks at what is unread, it is what the test made.
test.beforeEach(async ({ hub }) => (await Api.signIn(hub, "Jonas")).readEverything());

test("a reply shows at once in the console, in a second window and in the widget", async ({ device, someone, wire }) => {
  const [lead, other] = [someone({ owner: "Jonas" }), someone({ owner: "Jonas" })];
  const desk = await device({ user: "Jonas" });
  const widget = await device({ user: "Jonas" });
  await desk.goto("/");
  await openCRM(widget, wire);
  await expect(launcher(widget)).toHaveAccessibleName("Open Converse");
  const page = await desk.context().newPage();
  await page.goto(`/leads/${other.id}`);
  await expect(page).toHaveTitle(`${other.name} · Converse`);

  await test.step("both show what is unread", async () => {
    await lead.phone.says("Is the garden shared?");
    await expect(row(desk, lead)).toContainText("Is the garden shared?");
    await expect(row(desk, lead)).toContainText("1 unread message");
    await expect(desk.getByRole("link", { name: "Inbox, 1 unread message" })).toBeVisible();
    await expect(desk).toHaveTitle("(1) Inbox · Converse");
    await expect(page).toHaveTitle(`(1) ${other.name} · Converse`);
    await expect(launcher(widget)).toHaveAccessibleName("Open Converse, 1 unread message");
  });

  await test.step("reading it in one place reads it in the other", async () => {
    await launcher(widget).click();
    await row(popUp(widget), lead).click();
    await expect(bubble(popUp(widget), "Is the garden shared?")).toBeVisible();
    await expect(desk.getByRole("link", { name: "Inbox", exact: true })).toBeVisible();
    await expect(row(desk, lead)).not.toContainText("unread message");
  });

  await test.step("a second tab of the same browser is in step", async () => {
    const tab = await desk.context().newPage();
    await tab.goto(desk.url());
    await row(tab, lead).click();
    await row(desk, lead).click();
    const text = await send(desk, lead, "It is yours alone.");
    await expectTick(text, "Delivered");
    await expectTick(bubble(tab, "It is yours alone."), "Delivered");
    await expectTick(bubble(popUp(widget), "It is yours alone."), "Delivered");
    await lead.phone.says("Wonderful");
    for (const place of [desk, tab, popUp(widget)]) {
      await expect(thread(place, lead).getByTestId("message")).toHaveText([/shared/, /alone/, /Wonderful/]);
    }
    await expect(desk.getByRole("link", { name: "Inbox", exact: true })).toBeVisible();
  });
});

test("colleagues see each other's messages and who is replying", async ({ device, someone, mira }) => {
  const lead = someone();
  await lead.phone.says("Hello?");
  const [own, other] = [await device({ user: "Mira" }), await device({ user: "Ines" })];
  const id = await mira.conversation(lead.id, "whatsapp", lead.identifierId);
  await own.goto(`/c/${id}`);
  await other.goto(`/c/${id}`);
  await expect(bubble(own, "Hello?")).toBeVisible();

  await other.getByTestId("composer-text").fill("One mom");
  await expect(own.getByTestId("replying")).toContainText("Ines Carvalho is replying");
  await send(other, lead, "One moment, please.");
  const seen = bubble(own, "One moment, please.");
  await expectTick(seen, "Delivered");
  await expect(seen).toContainText("Ines Carvalho");
  await expect(own.getByTestId("replying")).toBeEmpty();
});

test("what came in while the user was elsewhere begins under a line", async ({ device, someone }) => {
  const lead = someone({ owner: "Jonas" });
  await lead.phone.says("First");
  const page = await device({ user: "Jonas" });
  await page.goto("/");
  await row(page, lead).click();
  await expect(page.getByRole("link", { name: "Inbox", exact: true })).toBeVisible();

  await page.getByRole("link", { name: "Leads" }).click();
  await lead.phone.says("Second");
  await lead.phone.says("Third");
  await expect(page.getByRole("link", { name: "Inbox, 2 unread messages" })).toBeVisible();
  await page.goBack();
  const rows = thread(page, lead).locator("[data-key]");
  await expect(rows).toHaveText(["Today", /First/, "New", /Second/, /Third/]);
});

test("a long conversation opens where the new part begins, and is read at its end", async ({ device, someone }) => {
  const [read, unread] = [someone({ owner: "Jonas" }), someone({ owner: "Jonas" })];
  await read.phone.sends({ text: "Old number", count: 40 });
  await unread.phone.sends({ text: "New number", count: 40 });
  const page = await device({ user: "Jonas" });
  await page.goto("/");
  await row(page, read).click();
  await page.getByRole("button", { name: "Go to latest" }).click();
  await expect(row(page, read)).not.toContainText("unread");

  await row(page, unread).click();
  await expect(thread(page, unread).getByText("New", { exact: true })).toBeInViewport();
  await expect(bubble(page, "New number 40")).not.toBeInViewport();
  // Coming back to the window is no look at the end of the thread.
  await page.evaluate(() => window.dispatchEvent(new Event("focus")));
  await page.reload();
  await expect(row(page, unread)).toContainText("40 unread messages");

  await page.getByRole("button", { name: "Go to latest" }).click();
  await expect(bubble(page, "New number 40")).toBeInViewport();
  await expect(row(page, unread)).not.toContainText("unread");
});
