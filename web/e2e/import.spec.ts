import { readFile } from "node:fs/promises";
import { expectAccessible } from "./support/axe.js";
import { expect, test, type Page } from "./support/test.js";

test.use({ contextOptions: { reducedMotion: "reduce" } });

/** A file as somebody has it lying around: semicolons, odd names, and things that are wrong. */
const file = [
  "Vorname;Surname;Handy;E-Mail Address;Notes",
  "Ottilie;Quist;+49 170 1234567;ottilie@example.com;likes gardens",
  "Bruno;Quist;+49 170 7654321;;",
  "Carla;Quist;12;;no number at all",
  "Dana;Quist;;not an address;",
  "Otti;Again;+491701234567;;the same number once more",
].join("\r\n");

/** Drops a file on the page, as from a folder. */
async function drop(page: Page, name: string, content: string): Promise<void> {
  const transfer = await page.evaluateHandle(
    ([fileName, text]) => {
      const data = new DataTransfer();
      data.items.add(new File([text as string], fileName as string, { type: "text/csv" }));
      return data;
    },
    [name, content],
  );
  await page.getByTestId("drop-zone").dispatchEvent("drop", { dataTransfer: transfer });
}

async function downloaded(page: Page, testId: string): Promise<string> {
  const [download] = await Promise.all([page.waitForEvent("download"), page.getByTestId(testId).click()]);
  return readFile(await download.path(), "utf8");
}

const figure = (page: Page, label: string) => page.getByTestId("import-counts").locator("div", { has: page.getByText(label, { exact: true }) }).locator("dd");

test("a file with problems is mapped, checked, imported, and its leads are found", async ({ device }) => {
  const page = await device({ user: "Ada" });
  await page.goto("/leads");
  await page.getByRole("link", { name: "Import" }).click();
  await expect(page.getByRole("heading", { name: "Import leads", level: 1 })).toBeVisible();
  await expectAccessible(page);
  await drop(page, "workbook.csv", "PK\u0003\u0004 and so on");
  await expect(page.getByRole("alert")).toContainText("This is a workbook, not a CSV file.");

  await drop(page, "messe.csv", file);
  await expect(page.getByRole("heading", { name: "messe.csv", level: 1 })).toBeVisible();
  const becomes = (header: string) => page.getByRole("combobox", { name: `${header} becomes`, exact: true });
  await expect(becomes("Vorname")).toHaveValue("first_name");
  await expect(becomes("Surname")).toHaveValue("last_name");
  await expect(becomes("Handy")).toHaveValue("phone");
  await expect(page.getByRole("combobox", { name: "Label of Handy" })).toHaveValue("mobile");
  await expect(becomes("E-Mail Address")).toHaveValue("email");
  await expect(becomes("Notes")).toHaveValue("");
  await expect(page.getByRole("combobox", { name: "Columns are separated by" })).toHaveValue(";");
  await page.getByRole("combobox", { name: "Numbers without a country code are from" }).selectOption({ label: "Germany" });
  await page.getByRole("textbox", { name: "Source" }).fill("Messe");
  await page.getByTestId("import-list").selectOption({ label: "A new list…" });
  await page.getByTestId("new-list").fill("From the fair");
  await expectAccessible(page);
  await page.getByTestId("check-file").click();

  await expect(figure(page, "to create")).toHaveText("2");
  await expect(figure(page, "to skip")).toHaveText("1");
  await expect(figure(page, "with something wrong")).toHaveText("2");
  const problems = page.getByTestId("problems");
  await expect(problems).toContainText("Handy");
  await expect(problems.getByRole("row").nth(1)).toContainText("4");
  await expectAccessible(page);
  expect(await downloaded(page, "report")).toContain(`"6","skipped","Row 2 has the same phone number."`);

  // The check is still there after a reload, and the columns can be changed.
  await page.reload();
  await page.getByRole("button", { name: "Change the columns" }).click();
  await expect(becomes("Handy")).toHaveValue("phone");
  await expect(page.getByTestId("new-list")).toHaveValue("From the fair");
  await page.getByTestId("check-file").click();
  await page.getByTestId("start-import").click();
  await expect(page.getByTestId("import-result")).toContainText("The file was imported");
  await expect(figure(page, "created")).toHaveText("2");
  await expectAccessible(page);
  const result = await downloaded(page, "result");
  expect(result).toContain(`"2","created","","Ottilie"`);
  expect(result).toContain(`"4","failed"`);
  expect(result, "no spreadsheet calculates it").toContain(`"'+49 170 1234567"`);

  await page.getByRole("button", { name: "Show leads" }).click();
  await page.getByTestId("leads-search").fill("Ottilie");
  await expect(page.getByRole("link", { name: /Ottilie/ }).first()).toBeVisible();
  await page.goto("/leads/import");
  await expect(page.getByTestId("imports").getByRole("row").nth(1)).toContainText("2 created, 3 not imported");
});

test("an import is undone", async ({ device }) => {
  const page = await device({ user: "Ada" });
  await page.goto("/leads/import");
  await drop(page, "undo.csv", "First name,Phone\nZephyrine,+12025550191\n");
  await page.getByTestId("check-file").click();
  await page.getByTestId("start-import").click();
  await page.getByTestId("undo-import").click();
  await page.getByRole("dialog", { name: "Undo this import?" }).getByRole("button", { name: "Undo" }).click();
  await expect(page.getByTestId("import-result")).toContainText("The import was undone");
  await page.goto("/leads");
  await page.getByTestId("leads-search").fill("Zephyrine");
  await expect(page.getByRole("link", { name: /Zephyrine/ })).toHaveCount(0);
});

test("leads are exported to a file", async ({ device }) => {
  const page = await device({ user: "Ada" });
  await page.goto("/leads");
  await page.getByRole("button", { name: "Export" }).click();
  const dialog = page.getByRole("dialog", { name: "Export leads" });
  await expect(dialog.getByRole("checkbox", { name: "Phone" })).toBeChecked();
  await expectAccessible(page);
  await dialog.getByRole("checkbox", { name: "Created" }).uncheck();
  await dialog.getByTestId("start-export").click();
  await expect(dialog.getByRole("status")).toContainText("is ready");
  await expectAccessible(page);
  const text = await downloaded(page, "export-file");
  expect(text.startsWith('\uFEFF"First name","Last name","Phone"')).toBe(true);
  expect(text).not.toContain("Created");
  expect(text.split("\r\n").length).toBeGreaterThan(50);
});
