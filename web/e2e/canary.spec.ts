/** Nothing that is hidden from a user comes to the user's browser: canaries are planted, and looked for everywhere. */
import { readFile } from "node:fs/promises";
import { Api } from "./support/api.js";
import type { Cage } from "./support/cage.js";
import { conversations, leadsAndWidget, rowWith, type Day } from "./support/canaryday.js";
import { hide, invited, plant, userId } from "./support/planting.js";
import { expect, test, type Page } from "./support/test.js";
import { launcher, openCRM, popUp } from "./support/widget.js";
import { heldBy, Witness } from "./support/witness.js";

// A record of every step would be larger than all that is looked through here.
test.describe.configure({ timeout: 120_000 });
test.use({ contextOptions: { reducedMotion: "reduce" }, trace: "off" });

const wide = { width: 1500, height: 1000 };

interface Half {
  half: string;
  walk(day: Day): Promise<void>;
  /** Where somebody who sees all must find canaries: else nobody looks. */
  surfaces: string[];
  /** After which steps the page must show some. */
  steps: string[];
}

const halves: Half[] = [
  {
    half: "conversations",
    walk: conversations,
    surfaces: [
      "page", "text", "print", "names for screen readers", "clipboard", "frame", "name of a download", "head of /media",
      ...["ListConversations", "GetConversation", "ListMessages"].map((call) => `answer of ConversationService/${call}`),
      ...["GetLead", "SearchLeads"].map((call) => `answer of LeadService/${call}`),
    ],
    steps: ["the inbox", "the inbox, Mine", "the search of the inbox", "the conversation", "a picture", "a message that came", "the choice of numbers", "the transfer", "the palette", "a mention"],
  },
  {
    half: "leads",
    walk: leadsAndWidget,
    surfaces: [
      "page", "text", "print", "names for screen readers", "clipboard", "frame", "title", "values",
      ...["ListLeads", "SearchLeads", "GetLead", "UpdateLead", "ListActivities", "ListDuplicates", "PreviewMerge", "MergeLeads"].map((call) => `answer of LeadService/${call}`),
    ],
    steps: ["a list of leads", "the search of leads", "the lead's page", "the lead's history", "what may be the same person", "what the two leads become", "after the merge", "the widget of a lead", "a conversation in the widget", "the list in the widget"],
  },
];

for (const [n, { half, walk, surfaces, steps }] of halves.entries()) {
  test(`nothing of ${half} shows somebody what is hidden from them`, async ({ device, hub, wire }) => {
    const ada = await Api.signIn(hub, "Ada");
    const lena = await userId(ada, "Lena");
    const planted = await plant(hub, ada, lena, n);
    const show = await hide(ada, lena, "ends");
    const page = await device({ user: "Lena", viewport: wide });
    const witness = await Witness.of(page.context());
    await walk({ page, witness, planted, masked: true, userId: lena, ada, colleague: () => device({ user: "Ada" }), wire });
    expect({ found: witness.findings(planted.cage), keepable: witness.keepable }).toEqual({ found: [], keepable: [] });
    await show();
  });

  test(`${half} show it all to somebody who sees everything`, async ({ device, hub, wire }) => {
    const ada = await Api.signIn(hub, "Ada");
    const mira = await userId(ada, "Mira");
    const planted = await plant(hub, ada, mira, halves.length + n);
    const page = await device({ user: "Mira", viewport: wide });
    const witness = await Witness.of(page.context());
    await walk({ page, witness, planted, masked: false, userId: mira, ada, colleague: () => device({ user: "Ada" }), wire });
    expect([...witness.surfaces(planted.cage)], "where nobody looks").toEqual(expect.arrayContaining(surfaces));
    expect([...witness.steps(planted.cage, "page")], "when nobody looks").toEqual(expect.arrayContaining(steps));
  });
}

/** Writes the leads that are chosen to a file, and reads it. */
async function exported(page: Page): Promise<string> {
  await page.getByRole("button", { name: "Export" }).first().click();
  await page.getByTestId("start-export").click();
  await expect(page.getByTestId("export-file")).toBeVisible();
  const download = page.waitForEvent("download");
  await page.getByTestId("export-file").click();
  const text = await readFile(await (await download).path(), "utf8");
  await page.keyboard.press("Escape");
  return text;
}

const nothing = async (page: Page, cage: Cage) => expect.poll(() => heldBy(page, cage)).toEqual([]);

test("pages that are open forget what they showed once it is hidden, and show it again", async ({ device, hub, wire }) => {
  const ada = await Api.signIn(hub, "Ada");
  const who = await invited(hub, ada, "sales_manager");
  const { cage, first, lead, list, talk } = await plant(hub, ada, who.id, 4);
  const inbox = await device({ viewport: wide });
  await inbox.context().request.post(`${hub.url}/converse.v1.AuthService/LogIn`, { data: { email: who.email, password: who.password } });
  const [chat, leadPage, leads, crm] = [inbox, ...(await Promise.all([1, 2, 3].map(() => inbox.context().newPage())))] as [Page, Page, Page, Page];

  await test.step("four pages show the leads", async () => {
    await chat.goto(`/c/${talk}`);
    await expect(chat.getByTestId("note")).toContainText("She says");
    await chat.getByTestId("composer-text").fill("A reply that I have begun");
    await leadPage.goto(`/leads/${lead}`);
    await expect(leadPage.getByTestId("edit-last_name")).toBeVisible();
    await leadPage.getByTestId("edit-stage").fill("Something that is not saved");
    await leads.goto("/leads");
    await leads.getByTestId("list-picker").selectOption({ label: `${list} (2)` });
    await expect(leads.getByTestId("leads-table").getByRole("link", { name: first })).toHaveCount(2);
    await openCRM(crm, wire);
    await launcher(crm).click();
    await expect(rowWith(popUp(crm), talk)).toBeVisible();
    await ada.call("ConversationService/AddNote", { conversationId: talk, clientId: crypto.randomUUID(), text: "Look", mentionIds: [who.id] });
    for (const page of [leads, crm]) await expect(page.getByTestId("toast")).toContainText(`mentioned you in a note about ${first}`);
    for (const page of [chat, leadPage, leads, crm]) expect(await heldBy(page, cage)).not.toEqual([]);
  });

  const show = await hide(ada, who.id, "all");
  await test.step("the toasts go first, and then all the rest, but for what was being written", async () => {
    for (const page of [leads, crm]) await expect(page.getByTestId("toast")).toBeHidden({ timeout: 5_000 });
    for (const page of [chat, leadPage, leads, crm]) await nothing(page, cage);
    await expect(chat.getByTestId("composer-text")).toHaveValue("A reply that I have begun");
    await expect(leadPage.getByTestId("masked-last_name")).toContainText("••••");
  });

  await test.step("nor does an export hold it", async () => {
    await leads.getByTestId("list-picker").selectOption({ label: `${list} (2)` });
    await leads.getByRole("checkbox", { name: `Select ${first}` }).first().check();
    const text = await exported(leads);
    expect(text).toContain(first);
    expect(cage.findings(text)).toEqual([]);
  });

  await test.step("what is looked at once, with a reason, is gone with the lead", async () => {
    await leadPage.getByTestId("masked-identifier").first().getByRole("button", { name: "Reveal phone number" }).click();
    await leadPage.getByTestId("reveal-reason").fill("She asked me to call");
    await leadPage.getByRole("button", { name: "Show it" }).click();
    await expect(leadPage.getByTestId("revealed")).toBeVisible();
    expect(await heldBy(leadPage, cage)).not.toEqual([]);
    await leadPage.getByRole("link", { name: "Inbox" }).click();
    await expect(rowWith(leadPage, talk)).toBeVisible();
    await nothing(leadPage, cage);
  });

  await show();
  await test.step("it is there again once it is not hidden any more", async () => {
    for (const page of [chat, leadPage]) await expect.poll(() => heldBy(page, cage)).not.toEqual([]);
  });
});
