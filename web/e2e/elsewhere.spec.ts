import { Line } from "./support/line.js";
import { control } from "./support/phone.js";
import { bubble, expectTick, row } from "./support/screen.js";
import { expect, test } from "./support/test.js";

test.use({ viewport: { width: 1400, height: 900 } });

test("what was written in WhatsApp's own app stands in the thread, with its ticks", async ({ device, hub, someone }) => {
  const lead = someone();
  const line = await Line.of(hub, "whatsapp_cloud", "whatsapp");
  await line.hears(lead, "Are you there?");
  const page = await device({ user: "Mira" });
  await page.goto("/");
  await row(page, lead).click();
  await control(hub, "POST", "/control/elsewhere", { provider: line.provider, from: line.address, to: lead.phone.number, text: "Written on my own phone." });
  await expectTick(bubble(page, "Written on my own phone."), "Delivered");
});

test("a lead who gets another number stays the same lead", async ({ device, hub, someone }) => {
  const lead = someone();
  const line = await Line.of(hub, "whatsapp_cloud", "whatsapp");
  await line.hears(lead, "I will have another number soon.");
  const page = await device({ user: "Mira" });
  await page.goto("/");
  await row(page, lead).click();
  const newNumber = "+12025550179";
  await control(hub, "POST", "/control/move", { provider: line.provider, to: line.address, from: lead.phone.number, newNumber });
  await expect(page.getByRole("log")).toContainText("The lead is reached under another number from now on.");
  await control(hub, "POST", "/control/reply", { provider: line.provider, to: line.address, from: newNumber, text: "This is it." });
  const moved = row(page, lead).filter({ hasText: "This is it." });
  await moved.click();
  await expect(bubble(page, "This is it.")).toBeVisible();
  await expect(page.getByRole("button", { name: "Number and channel: WhatsApp +1 202 555 0179" })).toBeVisible();
});
