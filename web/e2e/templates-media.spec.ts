import { shownWidth } from "./support/attaching.js";
import { Api } from "./support/api.js";
import { expectAccessible } from "./support/axe.js";
import { filler, picture, type TestFile } from "./support/files.js";
import { Line } from "./support/line.js";
import { bubble, expectTick, pick } from "./support/screen.js";
import { expect, test, type Page } from "./support/test.js";

test.use({ viewport: { width: 1400, height: 900 } });

/** Chooses the file over a template by the keyboard alone, up to the system's own dialog. */
async function chooseAbove(page: Page, file: TestFile): Promise<void> {
  const button = page.getByTestId("choose-header-file");
  await expect(button).toBeEnabled();
  await button.focus();
  const choosing = page.waitForEvent("filechooser");
  await page.keyboard.press("Enter");
  await (await choosing).setFiles(file);
}

/** Opens the panel of templates in the composer's place, or above it. */
async function templates(page: Page) {
  await page.getByRole("button", { name: /^(All templates|Choose a template|Templates)$/ }).first().click();
  return page.getByRole("dialog", { name: "Templates" });
}

/** Begins a template of the demo's WhatsApp account. */
async function begin(page: Page, name: string): Promise<void> {
  await page.goto("/settings/templates/new");
  await page.getByTestId("template-account").selectOption({ label: "WhatsApp" });
  await page.getByTestId("template-name").fill(name);
}

async function handIn(page: Page): Promise<void> {
  await page.getByTestId("save-template").click();
  await expect(page.getByTestId("template-status")).toHaveText("Draft");
  await page.getByTestId("submit-template").click();
  // Its review ends by itself, on a page that nobody loads again.
  await expect(page.getByTestId("template-status")).toHaveText("Approved");
}

test("a template with a picture over it is made, approved, and sent with a picture of its own", async ({ device, hub, someone }) => {
  const lead = someone();
  const name = `new_home_${Date.now()}`;
  const [ada, mira] = [await device({ user: "Ada" }), await device({ user: "Mira" })];
  await mira.goto("/");
  await pick(mira, lead, "WhatsApp");
  await (await templates(mira)).getByRole("button", { name: "Close" }).click();

  await test.step("what reviewers look at is said before and after a file is chosen", async () => {
    await begin(ada, name);
    await ada.getByTestId("template-header").selectOption({ label: "Picture" });
    const field = ada.getByRole("group", { name: "Example picture" });
    await expect(field).toContainText("JPEG, PNG up to 5 MB. Reviewers look at it.");
    await chooseAbove(ada, filler("plan.pdf", "application/pdf", 2000));
    await expect(field.getByRole("alert")).toHaveText("This kind of file cannot be sent. Possible: JPEG, PNG.");
    await chooseAbove(ada, picture("house.png"));
    await expect(field).toHaveAttribute("data-state", "ready");
    await expect(field.getByRole("status")).toHaveText("house.png is ready");
    await expect(ada.getByTestId("choose-header-file")).toBeFocused();
    expect(await shownWidth(ada.getByTestId("header-picture")), "the preview shows it").toBe(640);
  });

  await test.step("the draft keeps it, and the sandbox approves it", async () => {
    await ada.getByTestId("template-body").fill("Your new home, {{1}}, is free on Monday.");
    await ada.getByTestId("example-1").fill("12 Quay Street");
    await expectAccessible(ada);
    await handIn(ada);
    await expect.poll(() => shownWidth(ada.getByTestId("header-picture"))).toBe(640);
  });

  await test.step("it is offered where it was not a moment ago, and wants a file", async () => {
    const panel = await templates(mira);
    await panel.getByRole("searchbox").fill(name);
    await panel.getByTestId("template").click();
    await panel.getByTestId("variable-1").fill("4 Harbour Road");
    await expect(panel.getByRole("group", { name: "Picture over the text" })).toContainText("JPEG, PNG up to 5 MB.");
    await panel.getByTestId("send-template").click();
    await expect(panel.getByRole("alert")).toHaveText("Choose the file that goes over the text.");
    await expect(panel.getByTestId("choose-header-file")).toBeFocused();
    await expectAccessible(mira);
    await chooseAbove(mira, picture("harbour.png", 320, 200, [160, 60, 30]));
    await expect.poll(() => shownWidth(panel.getByTestId("header-picture"))).toBe(320);
    await expect(panel.getByRole("status").filter({ hasText: "harbour.png is ready" })).toBeAttached();
    await panel.getByTestId("send-template").click();
  });

  const sent = bubble(mira, "Your new home, 4 Harbour Road, is free on Monday.");
  await expectTick(sent, "Delivered");
  const line = await Line.of(hub, "whatsapp_cloud", "whatsapp");
  const arrived = await line.arrived(lead);
  expect(arrived.map((message) => message.text)).toEqual(["Your new home, 4 Harbour Road, is free on Monday."]);
  const wanted = picture("harbour.png", 320, 200, [160, 60, 30]).buffer;
  expect(arrived[0]?.files.map((file) => [file.contentType, file.bytes.equals(wanted)])).toEqual([["image/png", true]]);
});

test("a template with a place over it is made, approved, and sent with a place", async ({ device, hub, someone }) => {
  const lead = someone();
  const name = `viewing_at_${Date.now()}`;
  const [ada, mira] = [await device({ user: "Ada" }), await device({ user: "Mira" })];
  await begin(ada, name);
  await ada.getByTestId("template-header").selectOption({ label: "Place" });
  await ada.getByTestId("template-body").fill("We meet here on {{1}}, at noon.");
  await ada.getByTestId("example-1").fill("Monday");
  await handIn(ada);

  await mira.goto("/");
  await pick(mira, lead, "WhatsApp");
  const panel = await templates(mira);
  await panel.getByRole("searchbox").fill(name);
  await panel.getByTestId("template").click();
  await panel.getByTestId("variable-1").fill("Friday");
  await panel.getByTestId("send-template").click();
  await expect(panel.getByTestId("place-name"), "the first that is empty").toBeFocused();
  await panel.getByTestId("place-name").fill("Pier 3");
  await panel.getByTestId("place-address").fill("12 Quay Street, Harbour");
  await panel.getByTestId("place-latitude").fill("95");
  await expect(panel.getByRole("group", { name: "Place over the text" })).toContainText("A number from -90 to 90.");
  await panel.getByTestId("place-latitude").fill("53.5413, 9.9841");
  await expect(panel.getByTestId("place-longitude"), "as a map copies it").toHaveValue("9.9841");
  await expect(panel.getByTestId("template-preview")).toContainText("Pier 3");
  await expectAccessible(mira);
  await panel.getByTestId("send-template").click();

  const sent = bubble(mira, "We meet here on Friday, at noon.");
  await expectTick(sent, "Delivered");
  await expect(sent.getByText("Pier 3, 12 Quay Street, Harbour", { exact: true })).toBeVisible();
  await expect(sent.getByRole("link", { name: /map/i })).toHaveAttribute("href", /mlat=53\.5413&mlon=9\.9841/);
  const line = await Line.of(hub, "whatsapp_cloud", "whatsapp");
  const arrived = await line.arrived(lead);
  expect(arrived.map(({ text, location }) => ({ text, location }))).toEqual([
    {
      text: "We meet here on Friday, at noon.",
      location: { latitude: 53.5413, longitude: 9.9841, name: "Pier 3", address: "12 Quay Street, Harbour" },
    },
  ]);
});

test("a template that was approved a moment ago is in the list that stands open", async ({ device, hub, someone }) => {
  const lead = someone();
  const name = `price_news_${Date.now()}`;
  const [ada, mira] = [await device({ user: "Ada" }), await device({ user: "Mira" })];
  await mira.goto("/");
  await pick(mira, lead, "WhatsApp");
  const panel = await templates(mira);
  await panel.getByRole("searchbox").fill(name);
  await expect(panel.getByText("No template matches")).toBeVisible();

  await begin(ada, name);
  await ada.getByTestId("template-body").fill("Good news: {{1}} costs less now.");
  await ada.getByTestId("example-1").fill("12 Quay Street");
  await handIn(ada);

  await panel.getByTestId("template").click();
  await panel.getByTestId("variable-1").fill("The flat");
  await panel.getByTestId("send-template").click();
  await expectTick(bubble(mira, "Good news: The flat costs less now."), "Delivered");
  const line = await Line.of(hub, "whatsapp_cloud", "whatsapp");
  expect((await line.arrived(lead)).map((message) => message.text)).toEqual(["Good news: The flat costs less now."]);
});

test("an account that lacks what an example needs says so, and where", async ({ device, hub }) => {
  const admin = await Api.signIn(hub, "Ada");
  const draft = {
    provider: "whatsapp_cloud",
    name: "Without an app",
    settings: { waba_id: "102290129340377" },
    secrets: { access_token: "a-token-of-nobody", app_secret: "0123456789abcdef0123456789abcdef" },
    numbers: [{ channel: "whatsapp", address: "+12025550188", ref: "106540352242988", label: "Without" }],
  };
  const { connector } = await admin.call<{ connector: { id: string } }>("ConnectorService/CreateConnector", { connector: draft });
  try {
    const page = await device({ user: "Ada" });
    await page.goto("/settings/templates/new");
    await page.getByTestId("template-account").selectOption({ label: "Without an app" });
    await page.getByTestId("template-header").selectOption({ label: "Video" });
    await expect(page.getByTestId("example-problem")).toContainText("The connector has no App ID");
    await expect(page.getByTestId("choose-header-file")).toHaveCount(0);
    const [account] = await Promise.all([page.waitForEvent("popup"), page.getByRole("link", { name: "Open the account" }).click()]);
    await account.getByTestId("field-app_id").fill("1410000000000001");
    await account.getByRole("button", { name: "Save" }).click();
    await expect(account.getByText("Saved.")).toBeVisible();
    await account.close();
    await expect(page.getByRole("group", { name: "Example video" }), "what was begun is not lost").toContainText("MP4, M4V up to 16 MB");
  } finally {
    await admin.call("ConnectorService/DeleteConnector", { connectorId: connector.id });
  }
});
