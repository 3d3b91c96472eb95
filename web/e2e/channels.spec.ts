import { attach, attached, attachPanel, shownWidth } from "./support/attaching.js";
import { drag, paste, picture, type TestFile } from "./support/files.js";
import { answer, pickUp } from "./support/handset.js";
import { Line } from "./support/line.js";
import { bubble, composer, expectTick, row, send, spaced, type Tick } from "./support/screen.js";
import { expect, test, type Page, type Person } from "./support/test.js";

type Way = "button" | "paste" | "drop";

interface Numbered {
  name: string;
  provider: string;
  channel: "sms" | "whatsapp";
  /** The last tick of what the lead has on screen. */
  last: Tick;
  /** How the user attaches the picture; none where the provider takes no files. */
  by?: Way;
}

const numbers: Numbered[] = [
  { name: "CallTrackingMetrics", provider: "ctm", channel: "sms", last: "Delivered" },
  { name: "RingCentral", provider: "ringcentral", channel: "sms", last: "Delivered", by: "button" },
  { name: "WhatsApp Cloud", provider: "whatsapp_cloud", channel: "whatsapp", last: "Read", by: "paste" },
  { name: "SMS by Twilio", provider: "twilio", channel: "sms", last: "Delivered", by: "button" },
  { name: "WhatsApp by Twilio", provider: "twilio", channel: "whatsapp", last: "Read", by: "drop" },
  { name: "WhatsApp by Gupshup", provider: "gupshup", channel: "whatsapp", last: "Read", by: "button" },
];

test.use({ viewport: { width: 1400, height: 900 } });

for (const { name, provider, channel, last, by } of numbers) {
  test(`${name}: text and a picture each way, with ticks`, async ({ device, hub, someone }) => {
    const lead = someone();
    const line = await Line.of(hub, provider, channel);
    const page = await device({ user: "Mira" });
    await page.goto("/");
    const phone = await pickUp(await device(), hub, lead);
    await phone.getByRole("listitem").getByRole("button").filter({ hasText: spaced(line.address) }).click();
    const log = phone.getByRole("log", { name: "Messages" });

    await test.step("the lead writes first, and the user answers", async () => {
      await answer(phone, "Is the flat still free?");
      await row(page, lead).click();
      await expect(bubble(page, "Is the flat still free?")).toBeVisible();
      const text = await send(page, lead, "It is. Shall I show it to you?");
      await expectTick(text, last);
      await expect(log).toContainText("It is. Shall I show it to you?");
    });

    await test.step("the lead sends a picture", async () => {
      const sent = picture("kitchen.png", 900, 600);
      const choosing = phone.page().waitForEvent("filechooser");
      await phone.getByRole("button", { name: "Attach" }).click();
      await phone.getByRole("menuitem", { name: "Photo or video" }).click();
      await (await choosing).setFiles(sent);
      const tile = page.getByRole("log").getByRole("button", { name: /^Open (kitchen.png|Photo)/ });
      await expect(tile).toBeVisible();
      // A small one: the whole picture is for the viewer.
      const small = tile.getByRole("img");
      await expect.poll(() => shownWidth(small)).toBeGreaterThan(0);
      await tile.click();
      const viewer = page.getByTestId("media-viewer");
      await expect.poll(() => shownWidth(viewer.getByRole("img"))).toBe(900);
      await page.keyboard.press("Escape");
      await expect(viewer).toBeHidden();
    });

    if (by === undefined) {
      await test.step("files cannot be sent, and the user is told", async () => {
        await expect(await attachPanel(page)).toContainText("This number cannot send files.");
        await page.keyboard.press("Escape");
        await paste(composer(page, lead), picture("plan.png"));
        await expect(attached(page, "plan.png")).toContainText("This number cannot send files.");
        await page.getByRole("button", { name: "Remove plan.png" }).click();
      });
      return;
    }

    await test.step("the user sends a picture with a caption", async () => {
      const plan = picture("plan.png", 800, 500, [180, 90, 40]);
      await bring(page, lead, plan, by);
      await expect(attached(page, "plan.png")).toHaveAttribute("data-state", "ready");
      const caption = await send(page, lead, "The plan of the flat");
      await expectTick(caption, last);
      await expect(caption.getByRole("button", { name: "Open plan.png" }).getByRole("img")).toBeVisible();
      await expect(attached(page, "plan.png")).toHaveCount(0);
      await expect(log).toContainText("The plan of the flat");
      await expect.poll(() => shownWidth(log.locator("img").last())).toBe(800);
      const arrived = (await line.arrived(lead)).filter((message) => message.files.length > 0);
      expect(arrived.map((message) => message.text)).toEqual(["The plan of the flat"]);
      expect(arrived.flatMap((message) => message.files.map((file) => file.bytes.equals(plan.buffer)))).toEqual([true]);
    });
  });
}

async function bring(page: Page, lead: Person, file: TestFile, by: Way): Promise<void> {
  if (by === "button") return attach(page, page, file);
  if (by === "paste") return paste(composer(page, lead), file);
  const fall = await drag(page.getByRole("log"), file);
  await expect(page.getByText("Drop files here to attach them")).toBeVisible();
  await fall();
}
