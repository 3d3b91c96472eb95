/** People, from the invitation to the day they are signed out. */
import { expectAccessible } from "./support/axe.js";
import { Api } from "./support/api.js";
import { expect, test, type Page } from "./support/test.js";

test.use({ contextOptions: { reducedMotion: "reduce" } });

const password = "gravel tin cup";

/** A name that no other test's user has. */
function newcomer(): { name: string; email: string } {
  const word = crypto.randomUUID().slice(0, 8);
  return { name: `Nils ${word}`, email: `nils.${word}@harbour.example` };
}

/** Invites through the screen, and answers the link. */
async function invite(admin: Page, who: { name: string; email: string }): Promise<string> {
  await admin.goto("/settings/users");
  await admin.getByRole("button", { name: "Invite a user" }).click();
  const dialog = admin.getByRole("dialog", { name: "Invite a user" });
  await expectAccessible(admin);
  await dialog.getByLabel("E-mail address").fill(who.email);
  await dialog.getByLabel("Name", { exact: true }).fill(who.name);
  await dialog.getByRole("button", { name: "Make the invitation" }).click();
  const shown = admin.getByTestId("password-link");
  const link = await shown.getByRole("textbox", { name: "Link" }).inputValue();
  await shown.getByRole("button", { name: "Done" }).click();
  return link;
}

/** Follows a link and chooses a password. */
async function join(page: Page, link: string): Promise<void> {
  await page.goto(link);
  await page.getByLabel("Password", { exact: true }).fill(password);
  await page.getByRole("button", { name: "Join" }).click();
  await expect(page.getByRole("navigation", { name: "Main" })).toBeVisible();
}

test("an invitation is accepted on another machine, and shows what the role allows", async ({ device }) => {
  const admin = await device({ user: "Ada" });
  const who = newcomer();
  const link = await invite(admin, who);
  const row = admin.getByTestId("users").getByRole("row").filter({ hasText: who.email });
  await expect(row).toContainText("Invited");

  const page = await device();
  const asked: string[] = [];
  page.on("request", (request) => asked.push(request.url()));
  await page.goto(link);
  const token = new URL(link).hash.slice(1);
  await expect(page.getByRole("heading", { name: "Welcome to Harbour Homes" })).toBeVisible();
  await expectAccessible(page);
  expect(page.url(), "the token does not stay in the address").not.toContain(token);

  const field = page.getByLabel("Password", { exact: true });
  await field.fill("password1234");
  await page.getByRole("button", { name: "Join" }).click();
  await expect(page.getByText("Many people use this password")).toBeVisible();
  await field.fill(password);
  await expect(page.getByText("Strength: Strong")).toBeVisible();
  await page.getByRole("button", { name: "Join" }).click();
  await expect(page.getByRole("navigation", { name: "Main" })).toBeVisible();
  expect(asked.filter((url) => url.includes(token)), "the token travels in bodies alone").toEqual([]);

  // A sales user finds their own account in the settings, and nobody else's.
  await page.goto("/settings/my-sign-in");
  await expect(page.getByLabel("Name")).toHaveValue(who.name);
  await expect(page.getByRole("link", { name: "Users" })).toHaveCount(0);
  await page.goto("/settings/users");
  await expect(page.getByText("This page is for administrators.")).toBeVisible();

  await admin.reload();
  await expect(row).toContainText("Active");
  const late = await device();
  await late.goto(link);
  await expect(late.getByRole("heading", { name: "This link does not work" })).toBeVisible();
});

test("a session that is revoked signs the other window out", async ({ device, hub }) => {
  const admin = await device({ user: "Ada" });
  const who = newcomer();
  const mine = await device();
  await join(mine, await invite(admin, who));
  const other = await device();
  const answer = await other.context().request.post(`${hub.url}/converse.v1.AuthService/LogIn`, { data: { email: who.email, password } });
  expect(answer.ok()).toBe(true);
  await other.goto("/");
  await expect(other.getByRole("navigation", { name: "Main" })).toBeVisible();

  await mine.goto("/settings/my-sign-in");
  const sessions = mine.getByTestId("session");
  await expect(sessions).toHaveCount(2);
  await expectAccessible(mine);
  await sessions.filter({ hasNotText: "This device" }).getByRole("button", { name: /^Sign out/ }).click();
  await expect(other.getByTestId("login-form")).toBeVisible({ timeout: 5_000 });
  await expect(sessions).toHaveCount(1);

  // Being deactivated ends the last one too.
  await admin.goto("/settings/users");
  await admin.getByRole("link", { name: who.name }).click();
  await admin.getByRole("button", { name: "Deactivate" }).click();
  await admin.getByTestId("deactivate").getByRole("button", { name: "Deactivate" }).click();
  await expect(mine.getByTestId("login-form")).toBeVisible({ timeout: 5_000 });
});

test("a masking template hides a phone from whom it is assigned to, at once", async ({ device, hub, someone }) => {
  const lead = someone();
  const admin = await device({ user: "Ada" });
  const who = newcomer();
  const page = await device();
  await join(page, await invite(admin, who));
  await page.goto(`/leads/${lead.id}`);
  const ending = lead.phone.number.slice(-4);
  const middle = lead.phone.number.slice(4, -4);
  await expect(page.getByText(ending).first()).toBeVisible();

  await admin.goto("/settings/permissions/new");
  await admin.getByLabel("Name", { exact: true }).fill(`Callers ${who.name}`);
  await admin.getByLabel("Phone numbers", { exact: true }).selectOption("all");
  await admin.getByTestId("assign").getByLabel(who.name).check();
  const preview = admin.getByTestId("see-as").getByRole("row").filter({ hasText: who.name });
  await expect(preview).toContainText("•••••");
  await expectAccessible(admin);
  await admin.getByRole("button", { name: "Save" }).click();
  await expect(admin.getByText("Saved. It counts from now on.")).toBeVisible();

  // A node believes for up to five seconds what it knew of a user.
  await expect(async () => {
    await page.goto(`/leads/${lead.id}`);
    await expect(page.getByText(lead.firstName).first()).toBeVisible();
    await expect(page.getByText(ending)).toHaveCount(0, { timeout: 500 });
  }).toPass({ timeout: 10_000 });
  expect((await page.content()).replace(/\s/g, "")).not.toContain(middle);
  const { email } = who;
  const api = await Api.signInAs(hub, email, password);
  expect(JSON.stringify(await api.call("LeadService/GetLead", { leadId: lead.id }))).not.toContain(middle);

  // The user's page says why.
  await admin.goto("/settings/users");
  await admin.getByRole("link", { name: who.name }).click();
  await expect(admin.getByTestId("effective-access")).toContainText(`Callers ${who.name}`);
  await expectAccessible(admin);
});

test("what would blind administrators is asked about first", async ({ device }) => {
  const admin = await device({ user: "Ada" });
  await admin.goto("/settings/permissions/new");
  const name = `Blind ${crypto.randomUUID().slice(0, 8)}`;
  await admin.getByLabel("Name", { exact: true }).fill(name);
  await admin.getByLabel("Stage", { exact: true }).selectOption("all");
  await admin.getByTestId("assign").getByLabel("Administrator", { exact: true }).check();
  await admin.getByRole("button", { name: "Save" }).click();
  const asked = admin.getByRole("dialog", { name: "Are you sure?" });
  await expect(asked).toContainText("every administrator");
  await asked.getByRole("button", { name: "Do it all the same" }).click();
  await expect(admin.getByText("Saved. It counts from now on.")).toBeVisible();
  await admin.getByRole("button", { name: "Delete template" }).click();
  await admin.getByRole("dialog").getByRole("button", { name: "Delete template" }).click();
  await expect(admin.getByRole("link", { name })).toHaveCount(0);
});
