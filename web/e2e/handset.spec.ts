import { answer, openThread, pickUp, turn } from "./support/handset.js";
import { bubble, expectTick, send } from "./support/screen.js";
import { expect, test } from "./support/test.js";

// A picture of one red dot, so that the test needs no file.
const picture = Buffer.from("iVBORw0KGgoAAAANSUhEUgAAAAoAAAAKCAYAAACNMs+9AAAAEklEQVR42mP8z8BQz0AEYBxVSF+FAP5FDvcfRYWgAAAAAElFTkSuQmCC", "base64");

test.use({ viewport: { width: 1280, height: 900 } });

test("a person answers from the handset page with text, a picture and a button", async ({ device, hub, someone, mira }) => {
  const lead = someone();
  const id = await mira.conversation(lead.id, "whatsapp", lead.identifierId);
  const { templates } = await mira.call<{ templates: { id: string; name: string }[] }>("TemplateService/ListTemplates", { channel: "whatsapp" });
  const invitation = templates.find((template) => template.name === "viewing_invitation");
  await mira.call("ConversationService/SendMessage", {
    conversationId: id,
    clientId: crypto.randomUUID(),
    templateId: invitation?.id,
    variables: { 1: lead.firstName, 2: "12 Quay Street" },
  });
  const page = await device({ user: "Mira" });
  await page.goto(`/c/${id}`);
  const phone = await pickUp(await device(), hub, lead);
  const log = await openThread(phone, "12 Quay Street");

  await test.step("a tap on the template's button", async () => {
    await log.getByRole("button", { name: "Yes, please" }).click();
    await expect(bubble(page, "Yes, please")).toBeVisible();
  });

  await test.step("text, with the ticks of the lead's phone", async () => {
    await answer(phone, "Is there a balcony?");
    await expect(bubble(page, "Is there a balcony?")).toBeVisible();
    await expect(log.locator(".mine").last().getByRole("img", { name: "Delivered to the business" })).toBeVisible();
  });

  await test.step("a picture, which opens large in the console", async () => {
    const choosing = phone.page().waitForEvent("filechooser");
    await phone.getByRole("button", { name: "Attach" }).click();
    await phone.getByRole("menuitem", { name: "Photo or video" }).click();
    await (await choosing).setFiles({ name: "balcony.png", mimeType: "image/png", buffer: picture });
    const image = page.getByRole("img", { name: "balcony.png" }).or(page.getByRole("img", { name: "Photo" }));
    await expect(image).toBeVisible();
    await expect.poll(() => image.evaluate((element: HTMLImageElement) => element.naturalWidth)).toBe(10);
    await image.click();
    const viewer = page.getByRole("dialog").filter({ has: page.getByRole("button", { name: "Larger" }) });
    await expect(viewer).toBeVisible();
    await page.keyboard.press("Escape");
    await expect(viewer).toBeHidden();
  });

  await test.step("a voice message, a place, a card and a poll are readable", async () => {
    await lead.phone.sends({ kind: "audio", voice: true });
    await lead.phone.sends({ kind: "location" });
    await lead.phone.sends({ kind: "contacts", contactName: "Noor Haddad", contactPhone: "+12025550145" });
    await expect(page.getByRole("button", { name: "Play" })).toBeVisible();
    await expect(bubble(page, "Washington Monument").getByRole("link", { name: "Open map" })).toBeVisible();
    await expect(bubble(page, "Noor Haddad")).toBeVisible();
    await phone.getByRole("button", { name: "Attach" }).click();
    await phone.getByRole("menuitem", { name: "Poll" }).click();
    await expect(bubble(page, "The lead sent a message of type poll, which WhatsApp does not pass on.")).toBeVisible();
  });
});

test("the switches of a phone decide what Converse gets to know", async ({ device, hub, someone, mira }) => {
  const lead = someone();
  await lead.phone.says("Hello");
  const page = await device({ user: "Mira" });
  await page.goto(`/c/${await mira.conversation(lead.id, "whatsapp", lead.identifierId)}`);
  const phone = await pickUp(await device(), hub, lead);

  await test.step("without read receipts two ticks are the end", async () => {
    await turn(phone, "Read receipts", false);
    const text = await send(page, lead, "Can you see this?");
    await expectTick(text, "Delivered");
    await expect(await openThread(phone, "Can you see this?")).toContainText("Can you see this?");
    await answer(phone, "See what?");
    await expect(bubble(page, "See what?")).toBeVisible();
    await expectTick(text, "Delivered");
  });

  await test.step("a silent phone says nothing", async () => {
    await turn(phone, "Silent", true);
    const text = await send(page, lead, "And this?");
    await expect(phone.getByRole("log")).toContainText("And this?");
    await expectTick(text, "Sent");
    await turn(phone, "Silent", false);
    await expectTick(await send(page, lead, "Hello again"), "Delivered");
    await expectTick(text, "Sent");
  });

  await test.step("in flight mode messages wait on both sides", async () => {
    await turn(phone, "Flight mode", true);
    const text = await send(page, lead, "Have a good flight");
    await expectTick(text, "Sent");
    await answer(phone, "Written over the clouds");
    await expect(phone.getByText("Waiting to leave the phone")).toBeVisible();
    await expect(bubble(page, "Written over the clouds")).toHaveCount(0);
    await turn(phone, "Flight mode", false);
    await expectTick(text, "Delivered");
    await expect(bubble(page, "Written over the clouds")).toBeVisible();
  });
});

test("a stranger's phone writes first and becomes a lead", async ({ device, hub }) => {
  const page = await device({ user: "Ines" });
  await page.goto("/");
  const desk = await device();
  await desk.goto(hub.sandboxUrl);
  await desk.getByRole("button", { name: "New handset" }).click();
  await desk.getByRole("textbox", { name: "Name" }).fill("Leonie Falk");
  await desk.getByRole("textbox", { name: "Phone" }).fill("+1 202 555 0177");
  await desk.getByRole("button", { name: "Pick it up" }).click();
  const phone = desk.getByRole("article", { name: "Leonie Falk" });
  await phone.getByRole("listitem").getByRole("button").filter({ hasText: "WhatsApp" }).first().click();
  await answer(phone, "I saw your sign on the house");
  const row = page.getByTestId("conversation-row").filter({ hasText: "I saw your sign on the house" });
  await expect(row).toContainText("Leonie Falk");
  await expect(row).toContainText("1 unread message");
});
