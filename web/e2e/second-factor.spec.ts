import { Api } from "./support/api.js";
import { expectAccessible } from "./support/axe.js";
import type { Hub } from "./support/hub.js";
import { expect, test, type Page } from "./support/test.js";
import { code } from "./support/totp.js";

/** The first step of signing in, as people do it. */
async function password(page: Page, hub: Hub, name: string): Promise<void> {
  const { email, password } = hub.login(name);
  await page.getByLabel("E-mail").fill(email);
  await page.getByLabel("Password", { exact: true }).fill(password);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
}

async function signOut(page: Page): Promise<void> {
  await page.getByTestId("profile").click();
  await page.getByRole("menuitem", { name: "Sign out" }).click();
  await expect(page.getByTestId("login-form")).toBeVisible();
}

/** Shows a code in the form that asks for one. */
async function show(page: Page, text: string): Promise<void> {
  await page.getByTestId("code-form").getByRole("textbox").fill(text);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
}

/** Goes through the steps of setting up; returns the secret and the recovery codes. */
async function enrol(page: Page): Promise<{ secret: string; recovery: string[] }> {
  const flow = page.getByTestId("enrol");
  const secret = (await flow.getByTestId("secret").innerText()).replace(/\s/g, "");
  expect(secret).toMatch(/^[A-Z2-7]{32}$/);
  const list = flow.getByTestId("recovery-codes").getByRole("listitem");
  // The code before the present one, which is kept for signing in. It is too old when the
  // clock turns just then: the next one is not.
  await expect(async () => {
    await flow.getByLabel("Code that it shows").fill(code(secret, -1));
    await flow.getByRole("button", { name: "Turn on" }).click();
    await expect(list).toHaveCount(10, { timeout: 5_000 });
  }).toPass();
  return { secret, recovery: await list.allInnerTexts() };
}

test("a second step keeps out who knows the password", async ({ device, hub }) => {
  const page = await device({ user: "Omar" });
  await page.goto("/settings/my-sign-in");
  await expect(page.getByText("Off. Your password alone signs you in.")).toBeVisible();
  await page.getByRole("button", { name: "Set up" }).click();
  await expect(page.getByAltText("QR code with the secret")).toBeVisible();
  await expectAccessible(page);
  const { secret, recovery } = await enrol(page);
  await expectAccessible(page);
  await page.getByRole("button", { name: "I have kept them" }).click();
  await expect(page.getByText("10 recovery codes are left.")).toBeVisible();

  await signOut(page);
  await password(page, hub, "Omar");
  await expect(page.getByRole("heading", { name: "Enter your code" })).toBeVisible();
  await expectAccessible(page);
  const used = code(secret);
  await show(page, used);
  await expect(page.getByTestId("profile")).toBeVisible();

  await signOut(page);
  await password(page, hub, "Omar");
  await show(page, used);
  await expect(page.getByText("This code was used already. Wait for the next one.")).toBeVisible();
  const wrong = ["000000", "000001", "000002", "000003"].find((guess) => ![-1, 0, 1, 2].some((step) => code(secret, step) === guess)) ?? "";
  await show(page, wrong);
  await expect(page.getByText("You have 2 more tries")).toBeVisible();
  await show(page, wrong);
  await expect(page.getByText("You have one more try")).toBeVisible();
  await show(page, wrong);
  await expect(page.getByText(/^Too many wrong codes\. You can try again at .+, in (30|29) min/)).toBeVisible();
  await page.getByRole("button", { name: "Back to the password" }).click();
  await password(page, hub, "Omar");
  await expect(page.getByText(/^Too many wrong codes\./)).toBeVisible();

  const ada = await device({ user: "Ada" });
  await ada.goto("/settings/sign-in/second-step");
  const row = ada.getByTestId("second-factors").getByRole("row", { name: /Omar/ });
  await expect(row).toContainText("Locked until");
  await expectAccessible(ada);
  await row.getByRole("button", { name: "Unlock" }).click();
  await expect(row).toContainText("On");

  await password(page, hub, "Omar");
  await page.getByRole("button", { name: "Use a recovery code" }).click();
  await show(page, (recovery[0] ?? "").toLowerCase());
  await expect(page.getByTestId("profile")).toBeVisible();
  await page.goto("/settings/my-sign-in");
  await expect(page.getByText("9 recovery codes are left.")).toBeVisible();
  await page.getByRole("button", { name: "Turn off" }).click();
  const dialog = page.getByRole("dialog", { name: "Turn off the second step" });
  await dialog.getByLabel("Code, or a recovery code").fill(recovery[0] ?? "");
  await dialog.getByRole("button", { name: "Turn off" }).click();
  await expect(dialog.getByText("This code is wrong.")).toBeVisible();
  await dialog.getByLabel("Code, or a recovery code").fill(recovery[1] ?? "");
  await dialog.getByRole("button", { name: "Turn off" }).click();
  await expect(page.getByText("Off. Your password alone signs you in.")).toBeVisible();
});

test("who must have a second step sets it up before anything else", async ({ device, hub }) => {
  const ada = await device({ user: "Ada" });
  await ada.goto("/settings/sign-in/second-step");
  const managers = ada.getByTestId("required-roles").getByLabel("Sales manager");
  await managers.check();
  await ada.getByRole("button", { name: "Save" }).click();
  const row = ada.getByTestId("second-factors").getByRole("row", { name: /Ines/ });
  await expect(row).toContainText("Required, not set up");

  const page = await device();
  await page.goto("/leads");
  await password(page, hub, "Ines");
  await expect(page.getByRole("heading", { name: "Set up your second step" })).toBeVisible();
  await expectAccessible(page);
  await page.goto("/settings/my-sign-in");
  await expect(page.getByRole("heading", { name: "Set up your second step" }), "there is nowhere else to go").toBeVisible();
  await enrol(page);
  await page.getByRole("button", { name: "I have kept them" }).click();
  await expect(page.getByTestId("profile")).toBeVisible();

  // So does whoever follows an invitation.
  const newcomer = await device();
  const { link } = await (await Api.signIn(hub, "Ada")).call<{ link: { url: string } }>("AdminService/InviteUser", {
    email: "tove@harbour.example",
    name: "Tove Berg",
    role: "sales_manager",
  });
  await newcomer.goto(link.url);
  await newcomer.getByLabel("Password", { exact: true }).fill("gravel tin cup");
  await newcomer.getByRole("button", { name: "Join" }).click();
  await expect(newcomer.getByRole("heading", { name: "Set up your second step" })).toBeVisible();
  await expectAccessible(newcomer);
  await enrol(newcomer);
  await newcomer.getByRole("button", { name: "I have kept them" }).click();
  await expect(newcomer.getByTestId("profile")).toBeVisible();

  await managers.uncheck();
  await ada.getByRole("button", { name: "Save" }).click();
  await ada.reload();
  await row.getByRole("button", { name: "Reset" }).click();
  await ada.getByTestId("confirm").getByRole("button", { name: "Reset" }).click();
  await expect(row).toContainText("Off");
});

test("an API key is shown once, works, and is revoked", async ({ device, hub }) => {
  const page = await device({ user: "Ada" });
  await page.goto("/settings/api-keys");
  await page.getByRole("button", { name: "Create a key" }).first().click();
  const dialog = page.getByTestId("new-key");
  await expectAccessible(page);
  await dialog.getByLabel("Name").fill("Our CRM");
  await dialog.getByLabel("Sign users into the widget").check();
  await dialog.getByRole("button", { name: "Create a key" }).click();
  const key = await dialog.getByTestId("api-key").innerText();
  await dialog.getByRole("button", { name: "I have copied it" }).click();
  const row = page.getByTestId("api-keys").getByRole("row", { name: /Our CRM/ });
  await expect(row).toContainText(`…${key.slice(-4)}`);
  await expectAccessible(page);

  const ask = () =>
    fetch(`${hub.url}/converse.v1.AuthService/CreateWidgetToken`, {
      method: "POST",
      headers: { "Content-Type": "application/json", Authorization: `Bearer ${key}` },
      body: JSON.stringify({ userEmail: hub.login("Mira").email }),
    });
  const answer = await ask();
  expect(answer.status).toBe(200);
  expect(((await answer.json()) as { token: string }).token).toMatch(/^cvw_/);
  await row.getByRole("button", { name: "Revoke" }).click();
  await page.getByTestId("confirm").getByRole("button", { name: "Revoke" }).click();
  await expect(row).toContainText("Revoked");
  await expect.poll(async () => (await ask()).status, { timeout: 15_000 }).not.toBe(200);
});

test("single sign-on is set up, and says what is wrong", async ({ device, hub }) => {
  const page = await device({ user: "Ada" });
  await page.goto("/settings/sign-in/single-sign-on");
  await expect(page.getByText(`${hub.url}/sso/callback`)).toBeVisible();
  await expectAccessible(page);
  await page.getByLabel("Issuer", { exact: true }).fill("https://127.0.0.1:1");
  await page.getByRole("button", { name: "Test the issuer" }).click();
  await expect(page.getByText(/address is not allowed|is not one that may be called|not allowed/i)).toBeVisible();
  await page.getByLabel("Client ID").fill("converse");
  await page.getByLabel("E-mail domains").fill("not a domain!");
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByText("must be domains of e-mail addresses")).toBeVisible();

  const guest = await device();
  await guest.goto("/login");
  await guest.getByRole("button", { name: "Continue with single sign-on" }).click();
  await expect(guest.getByText("Enter your work e-mail address first.")).toBeVisible();
  await guest.getByLabel("E-mail").fill("somebody@unknown.example");
  await guest.getByRole("button", { name: "Continue with single sign-on" }).click();
  await expect(guest.getByText("There is no single sign-on for this address.")).toBeVisible();
  await guest.goto("about:blank");
  await guest.goto("/login#sso=sso_email");
  await expect(guest.getByText("has not verified your e-mail address")).toBeVisible();
});
