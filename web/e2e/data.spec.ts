import { Api } from "./support/api.js";
import { expectAccessible } from "./support/axe.js";
import { expect, test } from "./support/test.js";

test("an administrator erases a lead for good, and sees what became of it", async ({ device, hub, someone }) => {
  const lead = someone();
  await lead.phone.says("Forget me, please");
  const ada = await Api.signIn(hub, "Ada");
  const page = await device({ user: "Ada", viewport: { width: 1400, height: 900 }, reducedMotion: "reduce" });
  await page.goto(`/leads/${lead.id}`);
  await page.getByTestId("erase").click();
  const dialog = page.getByTestId("erase-dialog");
  await expect(dialog.getByRole("button", { name: "Erase for good" })).toBeDisabled();
  await expect(dialog, "the lead's values are not repeated").not.toContainText(lead.name);
  await dialog.getByTestId("erase-word").fill("erase");
  await expectAccessible(page);
  await dialog.getByRole("button", { name: "Erase for good" }).click();
  await expect(page).toHaveURL(/\/leads$/);
  expect(await ada.searchLeads(lead.name)).toEqual([]);

  await page.goto("/settings/data");
  const row = page.getByTestId("erasures").getByRole("row").filter({ hasText: lead.id.slice(-12) });
  await expect(row).toContainText("Erased");
  await expect(row).toContainText("1 message");
  await expect(row).toContainText("by Ada Moreau");
  await expectAccessible(page);

  // The same number is somebody new.
  await lead.phone.says("It is me again");
  await expect.poll(async () => (await ada.searchLeads(lead.phone.number.slice(1))).map((found) => found.id)).not.toEqual([]);
  expect((await ada.searchLeads(lead.phone.number.slice(1))).map((found) => found.id)).not.toContain(lead.id);
});

test("an administrator chooses how long things are kept, within bounds", async ({ device }) => {
  const page = await device({ user: "Ada", viewport: { width: 1280, height: 900 } });
  await page.goto("/settings/data");
  const days = page.getByLabel("Days for Webhook calls, but for parked ones");
  await expect(days).toHaveValue("10");
  await days.fill("20");
  await page.getByTestId("retention").getByRole("button", { name: "Save" }).click();
  await expect(page.getByRole("status").filter({ hasText: "Saved" })).toBeVisible();
  await page.reload();
  await expect(days).toHaveValue("20");
});

test("the audit log is searched, checked and downloaded", async ({ device, hub }) => {
  const ada = await Api.signIn(hub, "Ada");
  await ada.call("AdminService/AddOrigin", { origin: "https://audited.example.com" });
  await ada.call("AdminService/RemoveOrigin", { origin: "https://audited.example.com" });
  const page = await device({ user: "Ada", viewport: { width: 1400, height: 900 }, reducedMotion: "reduce" });
  await page.goto("/settings/audit");
  await page.getByTestId("audit-what").selectOption({ label: "Embedding" });
  await page.getByTestId("audit-who").selectOption({ label: "Ada Moreau" });
  const table = page.getByTestId("audit");
  await expect(table.getByRole("row").nth(1)).toContainText("Ada Moreau took a site off those that may have the widget");
  await expect(table.getByRole("row").nth(1)).toContainText("https://audited.example.com");
  await page.getByRole("button", { name: "Check the log" }).click();
  await expect(page.getByTestId("audit-found")).toContainText(/Verified up to entry \d+/);
  await expectAccessible(page);
  const download = page.waitForEvent("download");
  await page.getByRole("button", { name: "Download CSV" }).click();
  expect((await download).suggestedFilename()).toBe("audit.csv");
});
