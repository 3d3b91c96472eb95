import { bubble, composer, row } from "./support/screen.js";
import { expect, test, type Page } from "./support/test.js";

/** Nothing is reached only by scrolling sideways, neither of the window nor of the page in it. */
async function expectNoSideways(page: Page): Promise<void> {
  const over = await page.evaluate(() =>
    [document.documentElement, ...document.querySelectorAll(".content")].map((element) => element.scrollWidth - element.clientWidth),
  );
  expect(Math.max(...over), page.url()).toBe(0);
}

async function loaded(page: Page): Promise<void> {
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  await expect(page.getByRole("status", { name: "Loading" })).toHaveCount(0);
}

async function fits(page: Page, path: string): Promise<void> {
  await page.goto(path);
  await loaded(page);
  await expectNoSideways(page);
}

const settings = [
  "users", "groups", "permissions", "lead-fields", "routing", "merging", "connectors", "connectors/new", "templates", "callbacks",
  "sign-in", "api-keys", "embedding", "data", "audit", "my-sign-in",
];

for (const direction of ["ltr", "rtl"] as const) {
  test(`everything fits into 320 pixels, ${direction}`, async ({ device, someone, mira }) => {
    const lead = someone({ numbers: 2 });
    await lead.phone.says("Averyveryverylongwordwithoutanyplacetobreakit and https://harbour.example/a/very/long/link/that/goes/on");
    const id = await mira.conversation(lead.id, "whatsapp", lead.identifierId);
    const page = await device({ user: "Ada", viewport: { width: 320, height: 568 } });
    await page.addInitScript((dir) => document.addEventListener("DOMContentLoaded", () => (document.documentElement.dir = dir)), direction);

    await page.goto("/");
    await expect(row(page, lead)).toBeInViewport({ ratio: 1 });
    await expectNoSideways(page);

    await page.goto(`/c/${id}`);
    await expect(bubble(page, "Averyvery")).toBeInViewport();
    await expect(composer(page, lead)).toBeInViewport({ ratio: 1 });
    for (const name of ["Back", "Number and channel: ", "Show the lead", "Templates", "Emoji", "Send"]) {
      await expect(page.getByRole("button", { name })).toBeInViewport({ ratio: 1 });
    }
    await expectNoSideways(page);
    await page.getByRole("button", { name: "Show the lead" }).click();
    const drawer = page.getByRole("complementary", { name: "Lead" });
    await expect(drawer).toBeInViewport();
    await page.keyboard.press("Escape");
    await expect(drawer).toBeHidden();
    await expect(page.getByRole("button", { name: "Show the lead" })).toBeFocused();
    await page.getByRole("button", { name: "Templates" }).click();
    await page.getByRole("button", { name: "viewing_reminder" }).click();
    await expect(page.getByRole("button", { name: "Send template" })).toBeInViewport({ ratio: 1 });
    await expectNoSideways(page);

    for (const path of ["/leads", `/leads/${lead.id}`, "/leads/import"]) await fits(page, path);
  });
}

test("every page of the settings fits into 320 pixels", async ({ device }) => {
  test.setTimeout(180_000); // twenty pages
  const page = await device({ user: "Ada", viewport: { width: 320, height: 568 } });
  for (const one of settings) await fits(page, `/settings/${one}`);
  await page.goto("/settings/connectors");
  await page.getByTestId("connector").getByRole("link").first().click();
  for (const tab of ["Settings", "Numbers", "Notices", "Log", "Callbacks"]) {
    await page.getByTestId("connector-tabs").getByRole("button", { name: tab }).click();
    await loaded(page);
    await expectNoSideways(page);
  }
});

test("at twice the size the composer and what one reads are both in sight", async ({ device, someone, mira }) => {
  const lead = someone();
  await lead.phone.says("Can you read this?");
  const page = await device({ user: "Mira", viewport: { width: 640, height: 400 } });
  await page.goto(`/c/${await mira.conversation(lead.id, "whatsapp", lead.identifierId)}`);
  await expect(bubble(page, "Can you read this?")).toBeInViewport({ ratio: 1 });
  await expect(composer(page, lead)).toBeInViewport({ ratio: 1 });
  await expectNoSideways(page);
});
