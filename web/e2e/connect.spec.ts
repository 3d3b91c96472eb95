import { Api } from "./support/api.js";
import { expectAccessible } from "./support/axe.js";
import type { Hub } from "./support/hub.js";
import { control } from "./support/phone.js";
import { bubble, composer, expectTick, row, send } from "./support/screen.js";
import { expect, test, type Page } from "./support/test.js";

test.use({ viewport: { width: 1400, height: 900 } });

/** An account at WhatsApp, as its owner reads it off Meta's portal. */
const account = {
  provider: "whatsapp_cloud",
  accountId: "102290129340399",
  webhookUrl: "",
  signingSecret: "0123456789abcdef0123456789abcdef",
  verifyToken: "",
  credentials: { accessToken: "EAAGm0PX4ZCpsBAKconverse" },
  senders: [
    { address: "+12025550198", ref: "106540352242998", label: "Harbour Homes Lettings" },
    { address: "+12025550199", ref: "106540352242999", label: "Harbour Homes Sales" },
  ],
};

test("an administrator connects a second WhatsApp account, and its first message arrives", async ({ device, hub, someone }) => {
  test.setTimeout(120_000); // every step of the wizard, looked at by axe
  await control(hub, "POST", "/control/accounts", account);
  const page = await device({ user: "Ada" });
  const token = page.getByTestId("field-access_token");
  const tried = page.getByTestId("test-result");

  await test.step("a wrong token is refused, in words that help", async () => {
    await page.goto("/settings/connectors");
    await page.getByTestId("connect").click();
    await page.getByTestId("provider-whatsapp_cloud").click();
    await page.getByTestId("connector-name").fill("Second WhatsApp");
    await page.getByTestId("field-waba_id").fill(account.accountId);
    await token.fill("a wrong token");
    await page.getByTestId("field-app_secret").fill(account.signingSecret);
    await page.getByText("More settings").click();
    await page.getByTestId("connector-baseUrl").fill(hub.sandboxUrl);
    await page.getByTestId("test-connection").click();
    await expect(tried).toContainText("The provider answers");
    await expect(tried).toContainText("does not accept these keys");
    await expect(tried).toContainText("Compare each key with the provider's portal");
    await expect(tried).not.toContainText("a wrong token");
    await expectAccessible(page);
  });

  await test.step("with the right one the account's numbers are found", async () => {
    await token.fill(account.credentials.accessToken);
    await page.getByTestId("test-connection").click();
    await expect(tried).toContainText("It accepts the keys");
    await expect(tried).toContainText("It has 2 numbers");
    await page.getByTestId("next").click();
  });

  const numbers = page.getByTestId("numbers").getByRole("listitem");
  await test.step("they are taken over by a click, and no others without their id", async () => {
    await page.getByTestId("add-number").click();
    await page.getByTestId("number-address").fill("+1 202 555 0197");
    await page.getByTestId("create").click();
    await expect(page.getByText("is required").first()).toBeVisible(); // the id at the provider
    await page.getByRole("button", { name: "Remove +12025550197" }).click();
    const found = page.getByTestId("found-numbers").getByRole("listitem");
    await found.filter({ hasText: "Sales" }).getByRole("button").click();
    await found.filter({ hasText: "Lettings" }).getByRole("button").click();
    await expect(numbers).toHaveCount(2);
    await expect(numbers.first().getByTestId("number-address")).toHaveValue("+12025550199");
    await expect(numbers.first().getByTestId("number-ref")).toHaveValue("106540352242999");
    await expect(numbers.first()).toContainText("Default");
    await expectAccessible(page);
    await page.getByTestId("create").click();
  });

  await test.step("the address is entered at the provider, which greets it", async () => {
    await expect(page.getByTestId("first-call")).toContainText("Waiting");
    await expect(page.getByTestId("made-verify_token")).not.toBeEmpty();
    const webhookUrl = await page.getByTestId("webhook-address").innerText();
    const verifyToken = await page.getByTestId("made-verify_token").innerText();
    await control(hub, "POST", "/control/accounts", { ...account, webhookUrl, verifyToken });
    const greeted = await control<{ ok: boolean }>(hub, "POST", "/control/challenge", { provider: account.provider, accountId: account.accountId });
    expect(greeted.ok, "the handshake").toBe(true);
  });

  const lead = someone();
  await test.step("a lead writes from their phone to the new number", async () => {
    await control(hub, "POST", "/control/reply", { provider: account.provider, to: "+12025550199", from: lead.phone.number, text: "Is the flat still free?" });
    await expect(page.getByTestId("first-call")).toContainText("has called");
    await expectAccessible(page);
    await page.getByTestId("next").click();
    const colleague = await device({ user: "Mira" });
    await colleague.goto("/");
    await row(colleague, lead).click();
    await expect(bubble(colleague, "Is the flat still free?")).toBeVisible();
    await expectTick(await send(colleague, lead, "It is."), "Delivered");
    const calls = (await lead.phone.calls()).filter((call) => call.accepted);
    expect(calls.map((call) => call.text)).toEqual(["It is."]);
  });

  await test.step("the account's page shows it, and takes the account away again", async () => {
    await page.getByRole("button", { name: "Open the connector" }).click();
    const tabs = page.getByTestId("connector-tabs");
    await tabs.getByRole("button", { name: "Callbacks" }).click();
    await expect(page.getByRole("region", { name: "Callbacks" })).toContainText("Shown");
    await tabs.getByRole("button", { name: "Log" }).click();
    await page.getByTestId("view-exchange").first().click();
    await expect(page.getByTestId("exchange")).toContainText("106540352242999/messages");
    await expect(page.getByTestId("exchange")).not.toContainText(account.credentials.accessToken);
    await page.keyboard.press("Escape");
    await tabs.getByRole("button", { name: "Settings" }).click();
    await page.getByTestId("delete-connector").click();
    await page.getByTestId("confirm").getByRole("button", { name: "Delete connector" }).click();
    await expect(page.getByTestId("connectors")).not.toContainText("Second WhatsApp");
  });
});

test("refused keys pause an account: a banner says so at once, and what waited leaves when it is mended", async ({ device, someone }) => {
  const lead = someone();
  await lead.phone.says("Can you text me the address?", "sms");
  const admin = await device({ user: "Ada" });
  await admin.goto("/leads");
  const banner = admin.getByTestId("connector-banner");
  await expect(admin.getByRole("heading", { name: "Leads" })).toBeVisible();
  await expect(banner).toHaveCount(0);

  const page = await device({ user: "Mira" });
  await page.goto("/");
  await row(page, lead).click();
  await lead.phone.fault("bad_credentials", {}, "sms");
  const text = await send(page, lead, "12 Quay Street.");

  await test.step("the administrator is told, wherever they are", async () => {
    await expect(banner).toContainText("is paused: nothing is sent over it.");
    await expectAccessible(admin);
    await banner.getByRole("link", { name: "Look" }).click();
    await expect(admin.getByText("Paused", { exact: true })).toBeVisible();
    await expect(admin.getByTestId("connector-tabs")).toBeVisible();
  });

  const second = await send(page, lead, "The door is green.");
  await expectTick(second, "Waiting to be sent");

  await test.step("mended and resumed, everything that waited goes out once, in its order", async () => {
    await lead.phone.calm("bad_credentials", "sms");
    await admin.getByRole("button", { name: "Resume" }).click();
    await expect(banner).toHaveCount(0);
    await expectTick(text, "Delivered");
    await expectTick(second, "Delivered");
    const taken = (await lead.phone.calls()).filter((call) => call.accepted);
    expect(taken.map((call) => call.text)).toEqual(["12 Quay Street.", "The door is green."]);
  });
});

test("what a provider says of a number and of the account reaches the administrator", async ({ device, hub }) => {
  const { sender } = hub.connector("gupshup");
  const says = (what: string) => control(hub, "POST", "/control/notice", { provider: "gupshup", to: sender, what });
  const page = await device({ user: "Ada" });
  await page.goto("/settings/connectors");
  const card = page.getByTestId("connector").filter({ hasText: "Gupshup" });
  await expect(card).toContainText("Active");
  await says("limit_lowered");
  await expect(card).toContainText("1 open notice");

  await card.getByRole("link").first().click();
  await page.getByTestId("connector-tabs").getByRole("button", { name: "Notices" }).click();
  const notices = page.getByTestId("notices").getByRole("listitem");
  await expect(notices).toContainText(["The number may now write to this many people in a day"]);
  const banner = page.getByTestId("connector-banner");
  await expect(banner, "messages still go out").toHaveCount(0);

  await test.step("a disabled account sends nothing more, and says so everywhere", async () => {
    await says("disabled");
    await expect(notices).toContainText(["WhatsApp disabled the account.", "The number may now write"]);
    await expect(notices.first()).toContainText("Messages do not go out");
    await expect(banner).toContainText("is paused");
    await expectAccessible(page);
  });

  await test.step("dealt with and resumed, it is as before", async () => {
    await notices.first().getByRole("button", { name: "Dealt with" }).click();
    await expect(notices.first()).toContainText("Dealt with by Ada Moreau");
    await notices.last().getByRole("button", { name: "Dealt with" }).click();
    await page.getByTestId("connector-tabs").getByRole("button", { name: "Settings" }).click();
    await page.getByRole("button", { name: "Resume" }).click();
    await expect(banner).toHaveCount(0);
  });
});

test("a number that belongs to a user writes to that user's leads alone, where that is wanted", async ({ device, hub, someone }) => {
  const lead = someone({ owner: "Mira" });
  await lead.phone.says("Can I see the house?", "sms");
  const admin = await device({ user: "Ada" });
  const page = await device({ user: "Mira" });
  await page.goto("/");
  await row(page, lead).click();
  const give = async (name: string) => {
    await admin.getByTestId("connector-tabs").getByRole("button", { name: "Numbers" }).click();
    await admin.getByTestId("number-user").selectOption(name);
    await save(admin);
  };
  await admin.goto("/settings/connectors");
  await admin.getByRole("link", { name: "CallTrackingMetrics" }).click();
  await admin.getByTestId("field-owner_number_only").click();
  try {
    await give(hub.login("Jonas").name);
    await composer(page, lead).fill("On Tuesday.");
    await composer(page, lead).press("Enter");
    await expect(bubble(page, "On Tuesday.")).toContainText("this lead's owner has no number in this connector");
    expect(await lead.phone.texts()).toEqual([]);

    await give(hub.login("Mira").name);
    await admin.reload();
    await admin.getByTestId("connector-tabs").getByRole("button", { name: "Numbers" }).click();
    await expect(admin.getByTestId("number-user").locator("option:checked")).toHaveText(hub.login("Mira").name);
    await expectTick(await send(page, lead, "On Wednesday."), "Delivered");
  } finally {
    await everybodys(hub);
  }
});

async function save(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByText("Saved.")).toBeVisible();
}

interface Stored {
  id: string;
  provider: string;
  version: number;
  name: string;
  baseUrl: string;
  settings: Record<string, string>;
  numbers: { userId?: string }[];
}

/** Every number of CallTrackingMetrics writes to every lead again, as the other tests expect. */
async function everybodys(hub: Hub): Promise<void> {
  const ada = await Api.signIn(hub, "Ada");
  const { connectors } = await ada.call<{ connectors: Stored[] }>("ConnectorService/ListConnectors", {});
  const ctm = connectors.find((one) => one.provider === "ctm");
  if (!ctm) throw new Error("the demo has no CallTrackingMetrics");
  const { id, version, provider, name, baseUrl, settings, numbers } = ctm;
  await ada.call("ConnectorService/UpdateConnector", {
    connectorId: id,
    version,
    connector: { provider, name, baseUrl, settings: { ...settings, owner_number_only: "" }, numbers: numbers.map((number) => ({ ...number, userId: "" })) },
  });
}
