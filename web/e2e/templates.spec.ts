import { expectAccessible } from "./support/axe.js";
import { expect, test } from "./support/test.js";

test("a template is written, handed in, and followed through its review", async ({ device }) => {
  const page = await device({ user: "Ada" });
  await page.goto("/settings/templates/new");
  await page.getByTestId("template-name").fill(`price_news_${Date.now()}`);
  await page.getByTestId("template-body").fill("{{1}} costs less now.");
  await page.getByTestId("example-1").fill("12 Quay Street");
  await page.getByTestId("save-template").click();
  await expect(page.getByText("must neither begin nor end with a variable")).toBeVisible();
  await page.getByTestId("template-body").fill("Good news: {{1}} costs less now.");
  await expect(page.getByTestId("editor-preview")).toContainText("Good news: 12 Quay Street costs less now.");
  await expectAccessible(page);
  await page.getByTestId("save-template").click();
  await expect(page.getByTestId("template-status")).toHaveText("Draft");
  await page.getByTestId("submit-template").click();
  await expect(page.getByTestId("template-status")).toHaveText(/In review|Approved/);
});
