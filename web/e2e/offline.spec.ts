import type { Api } from "./support/api.js";
import { bubble, expectTick, send } from "./support/screen.js";
import { expect, test, type Page, type Person } from "./support/test.js";

/** Opens the conversation of a lead who has just written, so that the window is open. */
async function open(page: Page, mira: Api, lead: Person): Promise<string> {
  await lead.phone.says("Hello");
  const id = await mira.conversation(lead.id, "whatsapp", lead.identifierId);
  await page.goto(`/c/${id}`);
  await expect(bubble(page, "Hello")).toBeVisible();
  return id;
}

test("what is written offline goes out once when the network is back", async ({ device, someone, mira }) => {
  const lead = someone();
  const page = await device({ user: "Mira" });
  await open(page, mira, lead);
  await page.context().setOffline(true);
  await expect(page.getByText("You are offline. Messages go out when you are back.")).toBeVisible();
  const first = await send(page, lead, "Written in a tunnel");
  await expectTick(first, "Waiting to be sent");
  await expect(first).toContainText("Goes out when you are back online");
  await send(page, lead, "And the second thought");

  await page.context().setOffline(false);
  await expectTick(first, "Delivered");
  await expectTick(bubble(page, "And the second thought"), "Delivered");
  await expect(page.getByText("You are offline.")).toBeHidden();
  expect(await lead.phone.texts()).toEqual(["Written in a tunnel", "And the second thought"]);
});

test("a message on its way survives a reload", async ({ device, someone, mira, wire }) => {
  const lead = someone();
  const page = await device({ user: "Mira", baseURL: wire.url });
  await open(page, mira, lead);
  wire.refuse("SendMessage");
  await expectTick(await send(page, lead, "Kept in the browser"), "Waiting to be sent");
  await page.reload();
  await expectTick(bubble(page, "Kept in the browser"), "Waiting to be sent");
  expect(await lead.phone.texts()).toEqual([]);

  wire.mend();
  await expectTick(bubble(page, "Kept in the browser"), "Delivered");
  expect(await lead.phone.texts()).toEqual(["Kept in the browser"]);
});

test("an answer that got lost does not send twice", async ({ device, someone, mira, wire }) => {
  const lead = someone();
  const page = await device({ user: "Mira", baseURL: wire.url });
  const id = await open(page, mira, lead);
  // Nor may the socket tell the browser what became of it.
  wire.cutSockets();
  wire.loseAnswers("SendMessage");
  await expectTick(await send(page, lead, "Did it arrive?"), "Waiting to be sent");
  await expect.poll(() => lead.phone.texts()).toEqual(["Did it arrive?"]);

  wire.mend();
  await expectTick(bubble(page, "Did it arrive?"), "Delivered");
  expect(await lead.phone.texts()).toEqual(["Did it arrive?"]);
  expect((await mira.messages(id)).map((message) => message.text)).toEqual(["Hello", "Did it arrive?"]);
});

test("two tabs that come back together send once", async ({ device, someone, mira }) => {
  const lead = someone();
  const page = await device({ user: "Mira" });
  await open(page, mira, lead);
  const tab = await page.context().newPage();
  await tab.goto(page.url());
  await expect(bubble(tab, "Hello")).toBeVisible();
  await page.context().setOffline(true);
  await send(page, lead, "From one of two tabs");
  await expectTick(bubble(tab, "From one of two tabs"), "Waiting to be sent");

  await page.context().setOffline(false);
  await expectTick(bubble(page, "From one of two tabs"), "Delivered");
  await expectTick(bubble(tab, "From one of two tabs"), "Delivered");
  expect(await lead.phone.texts()).toEqual(["From one of two tabs"]);
});
