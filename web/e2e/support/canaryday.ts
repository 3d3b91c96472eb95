/** A day of a user who has the canaries before them: every page, tab and dialog, looked at after every step. */
import type { Locator } from "@playwright/test";
import { shownWidth } from "./attaching.js";
import type { Api } from "./api.js";
import type { Planted } from "./planting.js";
import { bubble, expectTick, tick } from "./screen.js";
import { expect, type Page } from "./test.js";
import { launcher, openCRM, popUp } from "./widget.js";
import type { Typed, Witness } from "./witness.js";
import type { Wire } from "./wire.js";

export interface Day {
  page: Page;
  witness: Witness;
  planted: Planted;
  /** Whether the canaries are hidden from the user. */
  masked: boolean;
  userId: string;
  ada: Api;
  /** Another user's browser. */
  colleague(): Promise<Page>;
  wire: Wire;
}

/** Reading and writing. */
export async function conversations(day: Day): Promise<void> {
  await inbox(day);
  await conversation(day);
  await overConversation(day);
}

/** Leads, and the chat on a page of the company's CRM. */
export async function leadsAndWidget(day: Day): Promise<void> {
  await leads(day);
  await newLead(day);
  await leadPage(day);
  await merging(day);
  await widget(day);
}

const look = ({ witness, page }: Day, step: string, typed?: Typed) => witness.look(page, step, typed);

/** The row of a conversation, whatever its lead may be called there. */
export function rowWith(place: Page | Locator, conversationId: string): Locator {
  return place.locator(`[data-testid="conversation-row"][data-conversation="${conversationId}"]`);
}

const rowOf = ({ page, planted }: Day) => rowWith(page, planted.talk);

async function inbox(day: Day): Promise<void> {
  const { page } = day;
  await page.goto("/");
  await expect(rowOf(day)).toBeVisible();
  await look(day, "the inbox");
  for (const name of ["Mine", "Unread"]) {
    await page.getByTestId("filters").getByRole("button", { name }).click();
    await expect(rowOf(day)).toBeVisible();
    await look(day, `the inbox, ${name}`);
  }
  for (const id of ["filter-mentions", "filter-unassigned", "filter-window_closing", "filter-snoozed", "channel-sms", "channel-whatsapp"]) {
    await page.getByTestId("more-filters").click();
    await page.getByTestId(id).click();
    await look(day, `the inbox, ${id}`);
  }
  await page.getByTestId("filters").getByRole("button", { name: "All" }).click();
  const search = page.getByRole("combobox", { name: "Search leads" });
  await search.fill(day.planted.first);
  await expect(page.getByRole("option", { name: day.planted.first })).toHaveCount(3);
  await look(day, "the search of the inbox");
  for (const guess of day.planted.guesses) {
    await search.fill(guess);
    await settled(day, guess, page.getByRole("option", { name: day.planted.first }).first());
  }
  await page.keyboard.press("Escape");
}

/** What a search for something hidden shows: that there is nothing, or the lead to who sees it. */
async function settled(day: Day, query: string, found: ReturnType<Page["locator"]>): Promise<void> {
  const none = `No lead matches “${query}”`;
  await expect(day.masked ? day.page.getByText(none) : found).toBeVisible();
  if (day.masked) await expect(found).toHaveCount(0);
  await look(day, `the search for ${query}`, { value: query, repeated: none });
}

async function conversation(day: Day): Promise<void> {
  const { page, planted, witness } = day;
  await rowOf(day).click();
  const image = page.getByRole("log").locator("img").last();
  await expect.poll(() => shownWidth(image)).toBeGreaterThan(0);
  await expect(page.getByTestId("note")).toContainText("She says");
  if (!(await page.getByTestId("lead-panel").isVisible())) await page.getByTestId("toggle-lead").click();
  await expect(page.getByTestId("lead-panel").getByRole("heading", { name: planted.first })).toBeVisible();
  await look(day, "the conversation");
  await image.click();
  await expect(page.getByTestId("media-viewer").locator("img")).toBeVisible();
  await look(day, "a picture");
  await page.keyboard.press("Escape");
  // Opening the document asks for a link and follows it in a page of its own.
  const files = () => witness.passed.filter(({ headers }) => /^attachment/.test(headers["content-disposition"] ?? "")).length;
  const before = files();
  await page.getByRole("log").getByRole("button", { name: /^offer/ }).click();
  await expect.poll(files).toBeGreaterThan(before);
  expect(await witness.copies(page), "what is hidden cannot be copied").toBe(day.masked ? 0 : 2);
  await bubble(page, "This one fails").getByRole("button", { name: /^Not delivered, / }).click();
  await expect(page.getByTestId("timeline").getByRole("listitem").last()).toBeVisible();
  await look(day, "the timeline");
  await page.keyboard.press("Escape");
  await page.getByTestId("composer-text").fill("I am on my way");
  await page.getByTestId("composer-text").press("Enter");
  await expectTick(bubble(page, "I am on my way"), "Delivered");
  await tick(bubble(page, "I am on my way"), "Delivered").click();
  await expect(page.getByTestId("timeline").getByRole("listitem").last()).toBeVisible();
  await look(day, "the timeline of an own message");
  await page.keyboard.press("Escape");
  const colleague = await day.colleague();
  await colleague.goto(`/c/${planted.talk}`);
  await colleague.getByTestId("composer-text").fill("I will");
  await expect(page.getByTestId("replying")).toContainText("is replying");
  await look(day, "a colleague who is writing");
  await colleague.close();
  await planted.phone.says(`Or rather ${planted.phone.number.slice(3)}, from now on`);
  await expect(bubble(page, "Or rather")).toBeVisible();
  await look(day, "a message that came");
}

async function overConversation(day: Day): Promise<void> {
  const { page, ada, planted } = day;
  await page.getByTestId("number-picker").click();
  await expect(page.getByTestId("number-choices").getByRole("button").first()).toBeVisible();
  await look(day, "the choice of numbers");
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "Templates" }).click();
  await page.getByRole("button", { name: "viewing_invitation" }).click();
  await expect(page.getByTestId("template-preview")).toBeVisible();
  await look(day, "a template");
  await page.keyboard.press("Escape");
  await page.keyboard.press("Escape");
  const menu = async (item: string) => {
    await page.getByTestId("conversation-menu").click();
    await page.getByRole("menuitem", { name: item }).click();
  };
  await menu("Snooze…");
  await expect(page.getByTestId("snooze-tomorrow")).toBeVisible();
  await look(day, "the snooze");
  await page.keyboard.press("Escape");
  await menu("Transfer…");
  const dialog = page.getByTestId("transfer-dialog");
  await dialog.getByTestId("transfer-find").fill("jon");
  await dialog.getByTestId("transfer-person").first().check();
  await look(day, "the transfer");
  await dialog.getByTestId("transfer-submit").click();
  await expect(page.getByTestId("toast")).toContainText("Transferred to Jonas");
  await look(day, "after the transfer");
  await page.getByTestId("toast").getByRole("button", { name: "Undo" }).click();
  await expect(page.getByTestId("toast")).toContainText("Taken back.");
  await look(day, "after the transfer was undone");

  await page.keyboard.press("Control+k");
  const palette = page.getByTestId("palette");
  await palette.getByRole("combobox").fill(planted.first);
  await expect(palette.getByRole("option", { name: planted.first })).toHaveCount(3);
  await look(day, "the palette");
  await page.keyboard.press("Escape");
  await page.goto("/settings/my-sign-in");
  await expect(page.getByTestId("session").first()).toBeVisible();
  await ada.call("ConversationService/AddNote", {
    conversationId: planted.talk, clientId: crypto.randomUUID(), text: `Do call ${planted.phone.number}`, mentionIds: [day.userId],
  });
  await expect(page.getByTestId("toast")).toContainText(`mentioned you in a note about ${planted.first}`);
  await look(day, "a mention");
}

async function leads(day: Day): Promise<void> {
  const { page, planted, masked } = day;
  await page.goto("/leads");
  const table = page.getByTestId("leads-table");
  await expect(table.getByRole("link").first()).toBeVisible();
  await page.getByRole("button", { name: "Columns" }).first().click();
  for (const name of ["Last name", "Source"]) await page.getByRole("dialog").getByRole("checkbox", { name, exact: true }).check();
  await look(day, "the choice of columns");
  await page.keyboard.press("Escape");
  await page.getByTestId("list-picker").selectOption({ label: `${planted.list} (2)` });
  await expect(table.getByRole("link", { name: planted.first })).toHaveCount(2);
  await look(day, "a list of leads");
  await expect(table.getByRole("columnheader", { name: "Last name" }).getByRole("button"), "nothing is sorted by what is hidden").toHaveCount(masked ? 0 : 1);
  await page.getByTestId("add-filter").click();
  const fields = page.getByTestId("filter-field").locator("option");
  await expect(fields.filter({ hasText: "Last name" }), "nothing is narrowed by what is hidden").toHaveCount(masked ? 0 : 1);
  await look(day, "a filter");
  await page.keyboard.press("Escape");
  await page.getByRole("checkbox", { name: `Select ${planted.first}` }).first().check();
  await look(day, "a lead that is chosen");
  await page.getByTestId("leads-search").fill(planted.first);
  await expect(table.getByRole("link", { name: planted.first })).toHaveCount(3);
  await look(day, "the search of leads");
  // The call is the same as in the inbox.
  for (const guess of [planted.takenNumber, planted.last]) {
    await page.getByTestId("leads-search").fill(guess);
    await settled(day, guess, table.getByRole("link", { name: planted.first }).first());
  }
  await page.getByTestId("leads-search").fill("");
}

async function newLead(day: Day): Promise<void> {
  const { page, planted } = day;
  await page.getByTestId("new-lead").click();
  await page.getByTestId("new-first-name").fill("Somebody");
  await page.getByTestId("new-phone").fill(planted.takenNumber);
  await page.getByRole("button", { name: "Create lead" }).click();
  await expect(page.getByRole("alert").filter({ hasText: "Another lead has this phone number." })).toBeVisible();
  await look(day, "a number that somebody has", { value: planted.takenNumber });
  await page.keyboard.press("Escape");
}

async function leadPage(day: Day): Promise<void> {
  const { page, planted, witness } = day;
  await page.goto(`/leads/${planted.lead}`);
  await expect(page.getByTestId("lead-name")).toContainText(planted.first);
  await expect(page.getByTestId("edit-stage")).toBeVisible();
  await expect(page.getByTestId("composer-text")).toBeVisible();
  await look(day, "the lead's page");
  await witness.copies(page);
  await page.getByTestId("edit-stage").fill("Viewing booked");
  await page.getByTestId("save-bar").getByRole("button", { name: "Save" }).click();
  await expect(page.getByTestId("save-bar")).toBeHidden();
  await look(day, "a change of the lead");
  const tabs = page.getByTestId("lead-tabs");
  await tabs.getByRole("button", { name: "Activity" }).click();
  await expect(page.getByTestId("activities").getByRole("listitem").first()).toContainText("Stage");
  await look(day, "the lead's history");
  for (const group of await page.getByTestId("activity-groups").getByRole("button").all()) await group.click();
  await look(day, "a part of the lead's history");
  await tabs.getByRole("button", { name: "Lists" }).click();
  await expect(page.getByTestId("lists-of-lead")).toContainText(planted.list);
  await look(day, "the lead's lists");
}

async function merging(day: Day): Promise<void> {
  const { page, planted } = day;
  await page.getByTestId("merge").click();
  const dialog = page.getByTestId("merge-dialog");
  await expect(dialog.getByTestId("merge-search")).toBeVisible();
  await look(day, "what may be the same person");
  await dialog.getByTestId("merge-search").fill(planted.first);
  await expect(dialog.getByTestId("merge-candidate")).toHaveCount(2);
  await look(day, "the search for the other lead");
  await dialog.getByTestId("merge-candidate").first().click();
  await expect(dialog.getByTestId("merge-result")).toBeVisible();
  await look(day, "what the two leads become");
  await dialog.getByRole("button", { name: "Merge" }).click();
  await expect(page.getByText("Merged. Everything is in one lead now.")).toBeVisible();
  await look(day, "after the merge");
  await page.getByTestId("toast").getByRole("button", { name: "Undo" }).click();
  await expect(page.getByText("Undone: both leads are as they were.")).toBeVisible();
  await look(day, "after the merge was undone");
}

async function widget(day: Day): Promise<void> {
  const { page, planted, wire } = day;
  await openCRM(page, wire, `lead-id="${planted.lead}"`);
  await launcher(page).click();
  const choices = popUp(page).getByTestId("choice");
  await expect(choices.first()).toBeVisible();
  await look(day, "the widget of a lead");
  await choices.filter({ hasText: "WhatsApp" }).first().click();
  await expect(popUp(page).getByTestId("note").first()).toContainText("She says");
  await look(day, "a conversation in the widget");
  await popUp(page).getByTestId("conversation").getByTestId("back").click();
  await expect(rowWith(popUp(page), planted.talk)).toBeVisible();
  await look(day, "the list in the widget");
  await popUp(page).getByRole("combobox", { name: "Search leads" }).fill(planted.last);
  await settled(day, planted.last, popUp(page).getByRole("option", { name: planted.first }).first());
}
