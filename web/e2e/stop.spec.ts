import { answer, pickUp } from "./support/handset.js";
import { Line } from "./support/line.js";
import { control } from "./support/phone.js";
import { bubble, expectTick, row, send, spaced } from "./support/screen.js";
import { expect, test } from "./support/test.js";

test.use({ viewport: { width: 1280, height: 900 } });

for (const { name, provider } of [
  { name: "CallTrackingMetrics", provider: "ctm" },
  { name: "Twilio", provider: "twilio" },
]) {
  test(`STOP over ${name} ends the texts to a lead, and START brings them back`, async ({ device, hub, someone }) => {
    const lead = someone();
    const line = await Line.of(hub, provider, "sms");
    const page = await device({ user: "Mira" });
    await page.goto("/");
    const phone = await pickUp(await device(), hub, lead);
    await phone.getByRole("listitem").getByRole("button").filter({ hasText: spaced(line.address) }).click();
    await answer(phone, "Hello");
    await row(page, lead).click();
    const note = page.getByTestId("composer-note");
    await expect(bubble(page, "Hello")).toBeVisible();
    await expect(note).toHaveCount(0);

    await answer(phone, "STOP");
    await expect(note).toHaveText("This lead said stop: no SMS can be sent until they write START.");
    const refused = await send(page, lead, "One more thing");
    await expect(refused.getByTestId("failure")).toBeVisible();
    await refused.getByRole("button", { name: "Discard" }).click();

    await answer(phone, "start");
    await expect(note).toHaveCount(0);
    await expectTick(await send(page, lead, "Welcome back"), "Delivered");
    expect((await line.arrived(lead)).map((message) => message.text)).not.toContain("One more thing");
  });
}

test("a STOP among other words is a question to the user", async ({ device, hub, someone }) => {
  const lead = someone();
  const line = await Line.of(hub, "ctm", "sms");
  await line.hears(lead, "please stop texting me");
  const page = await device({ user: "Mira" });
  await page.goto("/");
  await row(page, lead).click();
  const asked = bubble(page, "please stop texting me");
  await expect(asked.getByTestId("asks-stop")).toContainText("The lead may be asking not to be written to.");
  await expect(page.getByTestId("composer-note")).toHaveCount(0);
  await asked.getByRole("button", { name: "Opt out" }).click();
  await expect(page.getByTestId("composer-note")).toHaveText("This lead opted out: no SMS can be sent to this number.");
  await expect(asked.getByRole("button", { name: "Opt out" })).toHaveCount(0);
});

test("who opts out in RingCentral's own list is not texted, and may come back", async ({ device, hub, someone }) => {
  const lead = someone();
  const line = await Line.of(hub, "ringcentral", "sms");
  await line.hears(lead, "Hello");
  const page = await device({ user: "Mira" });
  await page.goto("/");
  await row(page, lead).click();
  const note = page.getByTestId("composer-note");
  await expect(bubble(page, "Hello")).toBeVisible();
  const says = (optedOut: boolean) =>
    control(hub, "POST", "/control/consent", { provider: line.provider, to: line.address, from: lead.phone.number, optedOut });
  await says(true);
  await expect(note).toHaveText("This lead said stop: no SMS can be sent until they write START.");
  await says(false);
  await expect(note).toHaveCount(0);
  await expectTick(await send(page, lead, "Welcome back"), "Delivered");
});
