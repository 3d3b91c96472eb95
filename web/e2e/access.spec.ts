import { expectAccessible } from "./support/axe.js";
import { openThread, pickUp } from "./support/handset.js";
import { bubble, composer, row, tick } from "./support/screen.js";
import type { Api } from "./support/api.js";
import { expect, test, type Page, type Person } from "./support/test.js";
import { launcher, openCRM, popUp } from "./support/widget.js";

test.use({ contextOptions: { reducedMotion: "reduce" } });

/** A conversation with something of everything in it. */
async function busy(mira: Api, lead: Person): Promise<string> {
  await lead.phone.says("Hello, is it still free? https://harbour.example/12");
  const id = await mira.conversation(lead.id, "whatsapp", lead.identifierId);
  for (const kind of ["image", "document", "audio", "video", "location", "contacts", "unsupported"]) await lead.phone.sends({ kind });
  const statuses = async () => (await mira.messages(id)).filter((message) => message.direction === "outbound").map((message) => message.status);
  await lead.phone.fault("not_registered");
  await mira.send(id, "This one fails");
  await expect.poll(statuses).toEqual(["failed"]);
  await lead.phone.calm("not_registered");
  await lead.phone.fault("drop_receipts");
  await lead.phone.fault("reset");
  await mira.send(id, "This one is unsure");
  await expect.poll(statuses).toEqual(["failed", "unsure"]);
  await lead.phone.calm("reset");
  await lead.phone.says("👍");
  return id;
}

async function openBusy(page: Page, id: string): Promise<void> {
  await page.goto(`/c/${id}`);
  await expect(tick(bubble(page, "This one is unsure"), "Not sure whether it was sent")).toBeVisible();
  await expect(bubble(page, "This one is unsure").getByRole("button", { name: "Send again" })).toBeVisible();
}

for (const colorScheme of ["light", "dark"] as const) {
  test.describe(`axe finds nothing, ${colorScheme}`, () => {
    test.use({ colorScheme });

    test("sign-in page", async ({ device }) => {
      const page = await device({ colorScheme });
      await page.goto("/login");
      await expect(page.getByRole("button", { name: "Mira Lindqvist" })).toBeVisible();
      await expectAccessible(page);
    });

    test("inbox and thread, and what opens over them", async ({ device, someone, mira }) => {
      const [lead, other] = [someone(), someone({ numbers: 2 })];
      const id = await busy(mira, lead);
      await other.phone.says("And me?");
      const page = await device({ user: "Mira", colorScheme, viewport: { width: 1400, height: 900 } });
      await page.goto("/");
      await expect(row(page, lead)).toBeVisible();
      await expectAccessible(page);
      await openBusy(page, id);
      await expectAccessible(page);

      await page.getByRole("button", { name: "Templates" }).click();
      await expect(page.getByRole("button", { name: "viewing_invitation" })).toBeVisible();
      await expectAccessible(page);
      await page.getByRole("button", { name: "viewing_invitation" }).click();
      await page.getByRole("button", { name: "Send template" }).click();
      await expect(page.getByText("Fill this in.")).toBeVisible();
      await expectAccessible(page);
      await page.keyboard.press("Escape");

      await page.getByRole("button", { name: "Emoji" }).click();
      await expect(page.getByRole("combobox", { name: "Search", exact: true })).toBeVisible();
      await page.keyboard.press("Escape");
      await page.getByRole("button", { name: "Number and channel: " }).click();
      await expect(page.getByRole("dialog", { name: "Number and channel" }).getByRole("button").first()).toBeVisible();
      await expectAccessible(page);
      await page.keyboard.press("Escape");
      await tick(bubble(page, "This one fails"), "Not delivered").click();
      await expect(page.getByRole("dialog", { name: "Timeline" }).getByRole("listitem").first()).toBeVisible();
      await expectAccessible(page);
      await page.keyboard.press("Escape");
      await bubble(page, "This one is unsure").getByRole("button", { name: "Send again" }).click();
      await expect(page.getByRole("dialog", { name: "Send this message again?" })).toBeVisible();
      await expectAccessible(page);
    });

    test("closed window, search, palette, keys and profile", async ({ device, someone, mira }) => {
      const lead = someone();
      const id = await mira.conversation(lead.id, "whatsapp", lead.identifierId);
      const page = await device({ user: "Mira", colorScheme });
      await page.goto(`/c/${id}`);
      await expect(page.getByRole("button", { name: "Use this" })).toBeVisible();
      await expectAccessible(page);
      await page.getByRole("combobox", { name: "Search leads" }).fill("a");
      await expect(page.getByRole("option").first()).toBeVisible();
      await expectAccessible(page);
      await page.keyboard.press("Escape");
      await page.keyboard.press("Control+k");
      await expect(page.getByRole("option").first()).toBeVisible();
      await expectAccessible(page);
      await page.keyboard.press("Escape");
      await page.keyboard.press("Control+/");
      await expect(page.getByRole("dialog", { name: "Keyboard shortcuts" })).toBeVisible();
      await expectAccessible(page);
      await page.keyboard.press("Escape");
      await page.getByRole("button", { name: "Profile: Mira Lindqvist" }).click();
      await expect(page.getByRole("menuitem", { name: "Sign out" })).toBeVisible();
      await expectAccessible(page);
    });

    test("leads, and the page of one", async ({ device, someone, mira }) => {
      const lead = someone();
      await mira.conversation(lead.id, "sms", lead.identifierId);
      const page = await device({ user: "Mira", colorScheme });
      await page.goto("/leads");
      await expect(page.getByRole("table").getByRole("link").first()).toBeVisible();
      await expectAccessible(page);
      await page.goto(`/leads/${lead.id}`);
      await expect(page.getByRole("heading", { name: lead.name, level: 1 })).toBeVisible();
      await expect(composer(page, lead)).toBeVisible();
      await expect(launcher(page)).toBeVisible();
      await expectAccessible(page);
      await page.goto("/nowhere/at/all");
      await expect(page.getByText("There is nothing at this address")).toBeVisible();
      await expectAccessible(page);
    });

    test("connectors and callbacks", async ({ device, someone }) => {
      await someone().phone.says("So that there is a callback");
      const page = await device({ user: "Ada", colorScheme });
      await page.goto("/settings/connectors");
      await expect(page.getByTestId("connector").first()).toBeVisible();
      await expectAccessible(page);
      await page.goto("/settings/callbacks");
      await page.getByRole("button", { name: "View body" }).first().click();
      await expect(page.getByRole("dialog", { name: "Body of the callback" })).toContainText("whatsapp");
      await expectAccessible(page);
      await page.keyboard.press("Escape");
      await expectAccessible(page);
    });

    test("widget, closed and open", async ({ device, someone, wire, mira }) => {
      const lead = someone();
      await busy(mira, lead);
      const page = await device({ user: "Mira", colorScheme });
      await openCRM(page, wire);
      await expect(launcher(page)).toHaveAccessibleName(/unread/);
      await expectAccessible(page);
      await launcher(page).click();
      await expect(row(popUp(page), lead)).toBeVisible();
      await expectAccessible(page);
      await row(popUp(page), lead).click();
      await expect(composer(popUp(page), lead)).toBeVisible();
      await expectAccessible(page);
      await page.keyboard.press("Alt+Shift+m");
      await expectAccessible(page);
    });

    test("handsets", async ({ device, hub, someone, mira }) => {
      const lead = someone();
      await busy(mira, lead);
      const page = await device({ colorScheme });
      await page.goto(hub.sandboxUrl);
      await expect(page.getByRole("heading", { name: "Pick up a handset" })).toBeVisible();
      await expectAccessible(page);
      const phone = await pickUp(page, hub, lead);
      await expectAccessible(page);
      await openThread(phone, "👍");
      await expect(phone.getByRole("log")).toContainText("This one is unsure");
      await expectAccessible(page);
      await page.getByRole("navigation").getByRole("button", { name: "Mischief" }).click();
      await expectAccessible(page);
      await page.getByRole("navigation").getByRole("button", { name: "The wire" }).click();
      await expectAccessible(page);
    });
  });
}
