import { attach, attached, attachPanel, shownWidth } from "./support/attaching.js";
import { expectAccessible } from "./support/axe.js";
import { filler, paste, picture } from "./support/files.js";
import type { Hub } from "./support/hub.js";
import { Line } from "./support/line.js";
import { bubble, composer, expectTick, row, send } from "./support/screen.js";
import { expect, test, type Page, type Person } from "./support/test.js";
import { launcher, popUp } from "./support/widget.js";

test.use({ viewport: { width: 1400, height: 900 } });

const uploads = "**/uploads/*";
const megabyte = 1 << 20;

/** Has a lead write over WhatsApp, and opens the conversation. */
async function open(page: Page, hub: Hub, lead: Person): Promise<Line> {
  const line = await Line.of(hub, "whatsapp_cloud", "whatsapp");
  await line.hears(lead, "Can you send me the plan?");
  await page.goto("/");
  await row(page, lead).click();
  await expect(bubble(page, "Can you send me the plan?")).toBeVisible();
  return line;
}

test("what cannot go is refused at once, with what can", async ({ device, hub, someone }) => {
  const lead = someone();
  const page = await device({ user: "Mira" });
  await open(page, hub, lead);
  const asked: string[] = [];
  page.on("request", (request) => asked.push(request.url()));

  const panel = await attachPanel(page);
  await expect(panel.getByRole("definition").first()).toHaveText("JPEG, PNG up to 5 MB");
  await page.keyboard.press("Escape");
  await expect(panel).toBeHidden();
  await paste(composer(page, lead), filler("setup.exe", "application/x-msdownload", 2000));
  await expect(attached(page, "setup.exe")).toContainText("This kind of file cannot be sent. Possible: JPEG, PNG");
  await attach(page, page, filler("huge.png", "image/png", 5 * megabyte + 1));
  await expect(attached(page, "huge.png")).toContainText("Too large: a picture can have 5 MB here.");
  await paste(composer(page, lead), filler("empty.png", "image/png", 0));
  await expect(attached(page, "empty.png")).toContainText("This file is empty.");

  await composer(page, lead).fill("Here it is");
  await expect(page.getByRole("button", { name: "Send", exact: true })).toBeDisabled();
  for (const name of ["setup.exe", "huge.png", "empty.png"]) await page.getByRole("button", { name: `Remove ${name}` }).click();
  await expectTick(await send(page, lead, "Here it is"), "Delivered");
  expect(asked.filter((url) => /uploads|CreateUpload/.test(url))).toEqual([]);
});

test("a picture that is something else inside is not taken", async ({ device, hub, someone }) => {
  const lead = someone();
  const page = await device({ user: "Mira" });
  await open(page, hub, lead);
  await attach(page, page, filler("plan.png", "image/png", 3000));
  await expect(attached(page, "plan.png")).toHaveAttribute("data-state", "refused");
  await expect(attached(page, "plan.png").getByRole("alert")).not.toBeEmpty();
  await expect(page.getByRole("button", { name: "Send", exact: true })).toBeDisabled();
});

test("an upload shows how far it is, and stopping it leaves nothing", async ({ device, hub, someone }) => {
  const lead = someone();
  const page = await device({ user: "Mira" });
  const line = await open(page, hub, lead);
  await page.route(uploads, () => undefined); // never answered
  await attach(page, page, picture("plan.png"));
  await expect(attached(page, "plan.png").getByRole("progressbar", { name: /^plan.png: \d+ %$/ })).toBeVisible();
  await composer(page, lead).fill("The plan");
  await expect(page.getByRole("button", { name: "Send", exact: true }), "not before the file is there").toBeDisabled();
  const taken = page.waitForResponse((response) => response.url().endsWith("/CancelUpload"));
  await page.getByRole("button", { name: "Stop sending plan.png" }).click();
  expect((await taken).ok(), "taking the upload back").toBe(true);
  await expect(attached(page, "plan.png")).toHaveCount(0);
  await expectTick(await send(page, lead, "The plan"), "Delivered");
  const arrived = await line.arrived(lead);
  expect(arrived).toEqual([{ text: "The plan", files: [] }]);
});

test("an upload that breaks off is tried again, and goes", async ({ device, hub, someone }) => {
  const lead = someone();
  const page = await device({ user: "Mira" });
  const line = await open(page, hub, lead);
  await page.route(uploads, (route) => route.abort(), { times: 1 });
  const plan = picture("plan.png");
  await attach(page, page, plan);
  await attached(page, "plan.png").getByRole("button", { name: "Try again" }).click();
  await expect(attached(page, "plan.png")).toHaveAttribute("data-state", "ready");
  await page.getByRole("button", { name: "Send", exact: true }).click();
  await expectTick(page.getByTestId("message").filter({ has: page.getByRole("button", { name: "Open plan.png" }) }), "Delivered");
  const files = (await line.arrived(lead)).flatMap((message) => message.files);
  expect(files.map((file) => file.bytes.equals(plan.buffer))).toEqual([true]);
});

test("a picture that could not be loaded is loaded by another try", async ({ device, hub, someone }) => {
  const lead = someone();
  const page = await device({ user: "Mira" });
  const line = await open(page, hub, lead);
  await line.hears(lead, { kind: "image" });
  const image = page.getByRole("log").getByRole("img", { name: /^(sunset.png|Photo)$/ });
  await expect.poll(() => shownWidth(image)).toBeGreaterThan(0);
  await page.route("**/converse.v1.MediaService/GetDownload", (route) => route.abort());
  await page.reload();
  const lost = page.getByTestId("message").filter({ hasText: "The file could not be loaded." });
  await expect(lost).toBeVisible();
  await page.unroute("**/converse.v1.MediaService/GetDownload");
  await lost.getByRole("button", { name: "Try again" }).click();
  await expect.poll(() => shownWidth(image)).toBeGreaterThan(0);
});

test("a file that the provider does not give is loading, then failed, and comes at another try", async ({ device, hub, someone }) => {
  const lead = someone();
  const page = await device({ user: "Mira" });
  const line = await open(page, hub, lead);
  await lead.phone.fault("file_error");
  await line.hears(lead, { kind: "image" });
  const log = page.getByRole("log");
  const late = page.getByTestId("message").filter({ hasText: "Still loading. The provider did not give it yet." });
  await expect(late.getByRole("button", { name: "Try now" })).toBeVisible();
  await expectAccessible(page);
  const failed = page.getByTestId("message").filter({ hasText: "The provider did not give it, in many tries." });
  await expect(failed).toBeVisible();
  await expect(late).toHaveCount(0);
  await expectAccessible(page);

  await lead.phone.calm("file_error");
  await failed.getByRole("button", { name: "Try again" }).click();
  await expect.poll(() => shownWidth(log.getByRole("img", { name: /^(sunset.png|Photo)$/ }))).toBeGreaterThan(0);
  await expect(failed).toHaveCount(0);
});

test("a file that is late comes when it is asked for", async ({ device, hub, someone }) => {
  const lead = someone();
  const page = await device({ user: "Mira" });
  const line = await open(page, hub, lead);
  await lead.phone.fault("file_error");
  await line.hears(lead, { kind: "image" });
  const now = page.getByRole("log").getByRole("button", { name: "Try now" });
  await expect(now).toBeVisible();
  await lead.phone.calm("file_error");
  const taken = page.waitForResponse((response) => response.url().endsWith("/RetryFetch"));
  await now.click();
  expect((await taken).ok(), "asking for it").toBe(true);
  await expect.poll(() => shownWidth(page.getByRole("log").getByRole("img", { name: /^(sunset.png|Photo)$/ }))).toBeGreaterThan(0);
  await expect(now).toHaveCount(0);
});

test("a file that the provider has no more is shown as expired, and offers no other try", async ({ device, hub, someone }) => {
  const lead = someone();
  const page = await device({ user: "Mira" });
  const line = await open(page, hub, lead);
  await lead.phone.fault("file_gone");
  await line.hears(lead, { kind: "document" });
  const expired = page.getByTestId("message").filter({ hasText: "The file has expired. The provider does not have it any more." });
  await expect(expired).toBeVisible();
  await expect(expired.getByRole("button", { name: "Try again" })).toHaveCount(0);
  await expectAccessible(page);
});

test("a document goes without a caption, and the text before it", async ({ device, hub, someone }) => {
  const lead = someone();
  const page = await device({ user: "Mira" });
  const line = await open(page, hub, lead);
  const contract = { name: "contract.pdf", mimeType: "application/pdf", buffer: Buffer.from("%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n") };
  await attach(page, page, contract);
  await composer(page, lead).fill("The contract");
  await expect(page.getByText("The text goes as a message of its own: such a file takes no caption.")).toBeVisible();
  await expect(attached(page, "contract.pdf")).toHaveAttribute("data-state", "ready");
  await composer(page, lead).press("Enter");
  await expectTick(bubble(page, "contract.pdf"), "Delivered");
  const arrived = await line.arrived(lead);
  expect(arrived.map(({ text, files }) => [text, files.length])).toEqual([["The contract", 0], ["", 1]]);
  expect(arrived[1]?.files[0]?.bytes.equals(contract.buffer)).toBe(true);
});

for (const colorScheme of ["light", "dark"] as const) {
  test(`files in a thread and over the composer are accessible, ${colorScheme}`, async ({ device, hub, someone }) => {
    const lead = someone();
    const page = await device({ user: "Mira", colorScheme });
    const line = await open(page, hub, lead);
    for (const kind of ["image", "video", "audio", "document"]) await line.hears(lead, { kind });
    await expect(page.getByRole("button", { name: "Play" })).toBeVisible();
    await expect(bubble(page, "quote.pdf")).toBeVisible();
    await expect(page.getByRole("log").getByRole("img", { name: /^(sunset.png|Photo)$/ })).toBeVisible();
    await paste(composer(page, lead), filler("setup.exe", "application/x-msdownload", 2000));
    await paste(composer(page, lead), picture("plan.png"));
    await expect(attached(page, "plan.png")).toHaveAttribute("data-state", "ready");
    const panel = await attachPanel(page);
    await expect(panel.getByRole("button", { name: "Choose a file" })).toBeVisible();
    await expectAccessible(page);
  });
}

test("files go without a mouse", async ({ device, hub, someone }) => {
  const lead = someone();
  const page = await device({ user: "Mira" });
  const line = await open(page, hub, lead);
  const { keyboard } = page;
  const chooseByKeys = async (name: string) => {
    await page.getByRole("button", { name: "Attach files" }).focus();
    await keyboard.press("Enter");
    await expect(page.getByRole("button", { name: "Choose a file" })).toBeFocused();
    const choosing = page.waitForEvent("filechooser");
    await keyboard.press("Enter");
    await (await choosing).setFiles(picture(name));
    await expect(attached(page, name)).toHaveAttribute("data-state", "ready");
    await expect(composer(page, lead)).toBeFocused();
  };
  await chooseByKeys("wrong.png");
  await keyboard.press("Shift+Tab");
  await expect(page.getByRole("button", { name: "Remove wrong.png" })).toBeFocused();
  await keyboard.press("Enter");
  await expect(attached(page, "wrong.png")).toHaveCount(0);
  await expect(composer(page, lead), "the focus is not lost").toBeFocused();

  await chooseByKeys("plan.png");
  await keyboard.type("The plan");
  await keyboard.press("Enter");
  await expectTick(bubble(page, "The plan"), "Delivered");
  expect((await line.arrived(lead)).map(({ text, files }) => [text, files.length])).toEqual([["The plan", 1]]);
});

test("the widget in a CRM of another origin sends a picture", async ({ device, hub, someone }) => {
  const lead = someone();
  const line = await Line.of(hub, "whatsapp_cloud", "whatsapp");
  await line.hears(lead, "Can you send me the plan?");
  const page = await device();
  await page.goto(hub.hostUrl);
  await launcher(page).click();
  await row(popUp(page), lead).click();
  const plan = picture("plan.png");
  await attach(page, popUp(page), plan);
  await expect(attached(popUp(page), "plan.png")).toHaveAttribute("data-state", "ready");
  const caption = await send(popUp(page), lead, "The plan of the flat");
  await expectTick(caption, "Delivered");
  await expect.poll(() => shownWidth(caption.getByRole("button", { name: "Open plan.png" }).getByRole("img"))).toBeGreaterThan(0);
  const files = (await line.arrived(lead)).flatMap((message) => message.files);
  expect(files.map((file) => file.bytes.equals(plan.buffer))).toEqual([true]);
});
