import { bubble, composer, expectTick, send, thread } from "./support/screen.js";
import { expect, test } from "./support/test.js";

test.describe("a reply typed before a newer message was seen", () => {
  test("is held, shows the newer message and goes out when told to", async ({ device, someone, wire, mira }) => {
    const lead = someone();
    await lead.phone.says("Shall we meet at ten?");
    const id = await mira.conversation(lead.id, "whatsapp", lead.identifierId);
    const page = await device({ user: "Mira", baseURL: wire.url });
    await page.goto(`/c/${id}`);
    await expect(bubble(page, "Shall we meet at ten?")).toBeVisible();
    wire.cutSockets();
    await lead.phone.says("Sorry, I meant eleven");
    await send(page, lead, "Ten it is!");

    const notice = page.getByRole("alert");
    await expect(notice).toContainText("1 newer message came in");
    await expect(bubble(page, "Sorry, I meant eleven")).toBeVisible();
    await expectTick(bubble(page, "Ten it is!"), "Waiting to be sent");
    expect(await lead.phone.texts()).toEqual([]);

    await notice.getByRole("button", { name: "Send anyway" }).click();
    await expect(notice).toBeHidden();
    wire.mend();
    await expectTick(bubble(page, "Ten it is!"), "Delivered");
    await expect(thread(page, lead).getByTestId("message")).toHaveText([/at ten/, /eleven/, /Ten it is/]);
    expect(await lead.phone.texts()).toEqual(["Ten it is!"]);
  });

  test("can be taken back into the draft", async ({ device, someone, wire, mira }) => {
    const lead = someone();
    await lead.phone.says("Shall we meet at ten?");
    const id = await mira.conversation(lead.id, "whatsapp", lead.identifierId);
    const page = await device({ user: "Mira", baseURL: wire.url });
    await page.goto(`/c/${id}`);
    await expect(bubble(page, "Shall we meet at ten?")).toBeVisible();
    wire.cutSockets();
    await lead.phone.says("Sorry, I meant eleven");
    await send(page, lead, "Ten it is!");

    await page.getByRole("alert").getByRole("button", { name: "Back to draft" }).click();
    await expect(composer(page, lead)).toHaveValue("Ten it is!");
    await expect(bubble(page, "Ten it is!")).toHaveCount(0);
    expect(await lead.phone.texts()).toEqual([]);
  });
});
