import { expectAccessible } from "./support/axe.js";
import { expect, test } from "./support/test.js";

test.use({ contextOptions: { reducedMotion: "reduce" } });

test("a lead is made, changed, found with a typo, put into a list, and its history is live elsewhere", async ({ device }) => {
  const page = await device({ user: "Ada", viewport: { width: 1400, height: 900 } });
  await page.goto("/leads");
  await expect(page.getByTestId("leads-table").getByRole("link").first()).toBeVisible();
  await expectAccessible(page);

  await page.getByTestId("new-lead").click();
  await page.getByTestId("new-first-name").fill("Wilhelmina");
  await page.getByTestId("new-phone").fill("12");
  await page.getByRole("button", { name: "Create lead" }).click();
  await expect(page.getByRole("alert").filter({ hasText: "cannot be a phone number" })).toBeVisible();
  await expectAccessible(page);
  await page.getByTestId("new-phone").fill("(720) 555-0193");
  await page.getByRole("button", { name: "Create lead" }).click();
  await expect(page.getByTestId("lead-name")).toHaveText("Wilhelmina");

  // The same lead in another tab: what is saved here shows there.
  const other = await page.context().newPage();
  await other.goto(page.url());
  await expect(other.getByTestId("lead-name")).toHaveText("Wilhelmina");
  await other.getByTestId("lead-tabs").getByRole("button", { name: "Activity" }).click();
  await expect(other.getByTestId("activities").getByRole("listitem").filter({ hasText: "Created" })).toBeVisible();
  await page.getByTestId("edit-last_name").fill("Oosterbeek");
  await page.getByTestId("edit-stage").fill("Viewing booked");
  await page.getByTestId("custom-budget").fill("425000");
  await page.getByTestId("save-bar").getByRole("button", { name: "Save" }).click();
  await expect(page.getByTestId("save-bar")).toBeHidden();
  await expect(other.getByTestId("lead-name")).toHaveText("Wilhelmina Oosterbeek");
  await expect(other.getByTestId("activities").getByRole("listitem").first()).toContainText("Last name, Stage, Budget");
  await expectAccessible(other);
  await expectAccessible(page);

  // It can be nobody's.
  await page.getByTestId("edit-owner").selectOption({ label: "Nobody" });
  await page.getByTestId("save-bar").getByRole("button", { name: "Save" }).click();
  await expect(page.getByTestId("save-bar")).toBeHidden();
  await expect(other.getByTestId("activities").getByRole("listitem").first()).toContainText("Nobody");

  // An opt-out is stored at once.
  await page.getByRole("button", { name: "Opt out" }).click();
  await page.getByTestId("confirm").getByRole("button", { name: "Opt out" }).click();
  await expect(page.getByRole("button", { name: "Opted out. Undo" })).toBeVisible();
  await page.getByRole("button", { name: "Opted out. Undo" }).click();
  await expect(page.getByRole("button", { name: "Opt out", exact: true })).toBeVisible();

  await page.goto("/leads");
  await page.getByTestId("leads-search").fill("wilhelmnia osterbeek");
  const found = page.getByTestId("leads-table").getByRole("link", { name: "Wilhelmina Oosterbeek" });
  await expect(found).toBeVisible();
  await page.getByTestId("leads-search").fill("0193");
  await expect(found).toBeVisible();

  await page.getByRole("checkbox", { name: "Select Wilhelmina Oosterbeek" }).check();
  await page.getByTestId("bulk-bar").getByRole("button", { name: "Add to list" }).click();
  await page.getByTestId("bulk-list-name").fill("Garden visitors");
  await page.getByRole("button", { name: "Apply" }).click();
  await expect(page.getByText("1 lead added to Garden visitors.")).toBeVisible();
  await page.getByTestId("leads-search").fill("");
  await page.getByTestId("list-picker").selectOption({ label: "Garden visitors (1)" });
  await expect(page.getByTestId("leads-table").getByRole("link")).toHaveCount(1);

  // A filter, saved as a list.
  await page.getByTestId("list-picker").selectOption({ label: "All leads" });
  await page.getByTestId("add-filter").click();
  await page.getByTestId("filter-field").selectOption({ label: "Budget" });
  await page.getByTestId("filter-value").fill("425000");
  await page.getByRole("button", { name: "Apply" }).click();
  await expect(page.getByTestId("filter-chip")).toHaveText("Budget is 425000");
  await expect(found).toBeVisible();
  await page.getByRole("button", { name: "Save as list" }).click();
  await page.getByTestId("list-name").fill("Just so rich");
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await expect(page.getByTestId("list-picker")).toContainText("Just so rich");

  // Deleted, and back.
  await page.getByTestId("leads-search").fill("oosterbeek");
  await page.getByRole("checkbox", { name: "Select Wilhelmina Oosterbeek" }).check();
  await page.getByTestId("bulk-bar").getByRole("button", { name: "Delete" }).click();
  await page.getByTestId("confirm").getByRole("button", { name: "Delete" }).click();
  await expect(page.getByText("1 lead deleted.")).toBeVisible();
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(page.getByText("Restored.")).toBeVisible();
});

test("an administrator adds a field, and it is there on every lead", async ({ device, someone }) => {
  const page = await device({ user: "Ada" });
  await page.goto("/settings/lead-fields");
  await expect(page.getByTestId("fields-table")).toContainText("Budget");
  await expectAccessible(page);
  await page.getByTestId("new-field").click();
  await page.getByTestId("field-label").fill("Pet");
  await page.getByTestId("field-dialog").getByRole("button", { name: "Save" }).click();
  await expect(page.getByTestId("fields-table")).toContainText("Pet");
  await page.goto(`/leads/${someone().id}`);
  await expect(page.getByTestId("custom-pet")).toBeVisible();
});
