import { expectAccessible } from "./support/axe.js";
import { expect, test } from "./support/test.js";

test("two leads of one person become one, and two again", async ({ device, someone }) => {
  const [stays, goes] = [someone(), someone()];
  await goes.phone.says("It is me, from my other phone");
  const page = await device({ user: "Ada" });
  await page.goto(`/leads/${stays.id}`);
  await page.getByTestId("merge").click();
  const dialog = page.getByTestId("merge-dialog");
  await dialog.getByTestId("merge-search").fill(goes.name);
  await dialog.getByTestId("merge-candidate").filter({ hasText: goes.name }).click();
  await expect(dialog.getByTestId("merge-result")).toContainText("1 conversation");
  await expectAccessible(page);
  await dialog.getByRole("button", { name: "Merge" }).click();

  const numbers = page.getByRole("list", { name: "Conversations" });
  await expect(numbers.getByRole("button")).toHaveCount(1);
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(page.getByText("Undone: both leads are as they were.")).toBeVisible();
  await expect(numbers).toHaveCount(0);
  await page.goto(`/leads/${goes.id}`);
  await expect(page.getByTestId("lead-name")).toHaveText(goes.name);
  await expect(numbers.getByRole("button")).toHaveCount(1);
});

test("the page of a lead that was merged leads to the one that stayed", async ({ device, someone }) => {
  const [stays, goes] = [someone(), someone()];
  const page = await device({ user: "Ada" });
  await page.goto(`/leads/${stays.id}`);
  await page.getByTestId("merge").click();
  const dialog = page.getByTestId("merge-dialog");
  await dialog.getByTestId("merge-search").fill(goes.name);
  await dialog.getByTestId("merge-candidate").filter({ hasText: goes.name }).click();
  await dialog.getByRole("button", { name: "Merge" }).click();
  await expect(page.getByText("Merged. Everything is in one lead now.")).toBeVisible();
  await page.goto(`/leads/${goes.id}`);
  await expect(page).toHaveURL(new RegExp(stays.id));
  await expect(page.getByTestId("lead-name")).toHaveText(stays.name);
});

test("a merge is undone from the history, which then says that it was", async ({ device, someone }) => {
  const [stays, goes] = [someone(), someone()];
  const page = await device({ user: "Ada" });
  await page.goto(`/leads/${stays.id}`);
  await page.getByTestId("merge").click();
  const dialog = page.getByTestId("merge-dialog");
  await dialog.getByTestId("merge-search").fill(goes.name);
  await dialog.getByTestId("merge-candidate").filter({ hasText: goes.name }).click();
  await dialog.getByRole("button", { name: "Merge" }).click();
  await expect(page.getByText("Merged. Everything is in one lead now.")).toBeVisible();

  await page.reload();
  await page.getByTestId("lead-tabs").getByRole("button", { name: "Activity" }).click();
  const history = page.getByTestId("activities");
  await expect(history.getByTestId("undo-merge")).toHaveCount(1);
  await expectAccessible(page);
  await history.getByTestId("undo-merge").click();
  await expect(page.getByText("Undone: both leads are as they were.")).toBeVisible();
  await expect(history.getByTestId("undo-merge")).toHaveCount(0);
  await expect(history).toContainText("Merge undone");
  await page.goto(`/leads/${goes.id}`);
  await expect(page.getByTestId("lead-name")).toHaveText(goes.name);
});

test("an administrator chooses when leads become one by themselves", async ({ device }) => {
  const page = await device({ user: "Ada" });
  await page.goto("/settings/merging");
  const automatic = page.getByTestId("merge-automatic");
  await expect(automatic).toHaveAttribute("aria-checked", "false");
  await automatic.click();
  await page.getByTestId("merge-kind-email").uncheck();
  await page.getByRole("radio", { name: /made first$/ }).check();
  await page.getByTestId("merge-rule-source").selectOption("append");
  await expectAccessible(page);
  await page.getByTestId("save-bar").getByRole("button", { name: "Save" }).click();
  await expect(page.getByText("Saved. It counts from now on.")).toBeVisible();
  await page.reload();
  await expect(automatic).toHaveAttribute("aria-checked", "true");
  await expect(page.getByTestId("merge-kind-email")).not.toBeChecked();
  await expect(page.getByTestId("merge-rule-source")).toHaveValue("append");

  // Others of this suite expect that nothing merges by itself.
  await automatic.click();
  await page.getByTestId("save-bar").getByRole("button", { name: "Save" }).click();
  await expect(page.getByText("Saved. It counts from now on.")).toBeVisible();
});
