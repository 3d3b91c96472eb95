import { expectAccessible } from "./support/axe.js";
import { expect, test, type Page } from "./support/test.js";

async function expectNoSideways(page: Page): Promise<void> {
  expect(await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth), page.url()).toBe(0);
}

test("an administrator reads how a provider is connected beside the form", async ({ device, hub }) => {
  const page = await device({ user: "Ada", viewport: { width: 1280, height: 900 } });
  await page.goto("/settings/connectors/new");
  const offers = page.getByTestId("providers").getByRole("link", { name: /^Step by step for .+, opens in a new tab$/ });
  await expect(offers).toHaveCount(5);
  for (const link of await offers.all()) {
    const answer = await fetch(hub.url + ((await link.getAttribute("href")) ?? ""));
    expect(answer.status, answer.url).toBe(200);
    expect(await answer.text(), answer.url).toContain('<main id="guide">');
  }

  await page.getByTestId("provider-gupshup").click();
  const opened = page.waitForEvent("popup");
  await page.getByTestId("guide-gupshup").click();
  const guide = await opened;
  await expect(guide.getByRole("heading", { name: "Gupshup (WhatsApp)", level: 1 })).toBeVisible();
  await expect(guide).toHaveTitle("Gupshup (WhatsApp) · Converse");
  await expect(guide.getByRole("cell", { name: "App name" })).toBeVisible();
  await expect(page.getByTestId("guide-gupshup"), "the form is as it was").toBeVisible();

  await guide.getByRole("main").getByRole("link", { name: "Meta's" }).click();
  await expect(guide).toHaveURL("/guides/whatsapp_cloud#codes-worth-knowing");
  await expect(guide.getByRole("heading", { name: "Codes worth knowing" })).toBeInViewport();
  await guide.getByRole("navigation", { name: "Guides" }).getByRole("link", { name: /Twilio/ }).click();
  await expect(guide.getByRole("heading", { name: /Twilio/, level: 1 })).toBeVisible();

  await page.goto("/settings/connectors");
  await page.getByTestId("connectors").getByRole("link").first().click();
  await expect(page.getByRole("link", { name: /^Step by step/ })).toBeVisible();
});

for (const colorScheme of ["light", "dark"] as const) {
  test(`guides are readable for everybody, ${colorScheme}`, async ({ device }) => {
    const page = await device({ colorScheme, viewport: { width: 360, height: 740 } });
    for (const name of ["ctm", "gupshup", "ringcentral", "twilio", "whatsapp_cloud"]) {
      await page.goto(`/guides/${name}`);
      await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
      await expectNoSideways(page);
      await expectAccessible(page);
    }
    await page.setViewportSize({ width: 320, height: 568 });
    await expectNoSideways(page);
    expect((await page.goto("/guides/none"))?.status()).toBe(404);
  });
}
