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

test("a template that was rejected is mended, and approved under its name", async ({ device }) => {
  const page = await device({ user: "Ada" });
  await page.goto("/settings/templates/new");
  await page.getByTestId("template-account").selectOption({ label: "WhatsApp" });
  await page.getByTestId("template-name").fill(`viewing_${Date.now()}`);
  await page.getByTestId("template-body").fill("We refuse {{1}} to wait.");
  await page.getByTestId("example-1").fill("12 Quay Street");
  const status = page.getByTestId("template-status");
  const save = async () => {
    await page.getByTestId("save-template").click();
    await expect(status).toHaveText("Draft");
  };
  await save();
  await page.getByTestId("submit-template").click();
  await expect(status).toHaveText("Rejected");
  await expect(page.getByText("It has the word that the sandbox refuses. Leave it out.")).toBeVisible();
  await expect(page.getByTestId("submit-template")).toHaveText("Hand in again");

  await page.getByTestId("template-body").fill("We ask {{1}} to wait.");
  await save();
  await page.getByTestId("submit-template").click();
  await expect(status).toHaveText("Approved");
  await expect(page.getByTestId("template-body")).toHaveValue("We ask {{1}} to wait.");
});
