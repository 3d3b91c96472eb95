import { Api } from "./support/api.js";
import { expectAccessible } from "./support/axe.js";
import { bubble, composer, row, send, thread } from "./support/screen.js";
import { expect, test } from "./support/test.js";

test("a note with a mention reaches a colleague live and never the lead", async ({ device, someone, mira }) => {
  const lead = someone({ owner: "Mira" });
  await lead.phone.says("Is it still free?");
  const id = await mira.conversation(lead.id, "whatsapp", lead.identifierId);
  const [own, other] = [await device({ user: "Mira" }), await device({ user: "Jonas" })];
  await own.goto(`/c/${id}`);
  await other.goto("/");
  await expect(row(other, lead)).toBeVisible();

  await test.step("what is written as a note and as a reply stays apart", async () => {
    await composer(own, lead).fill("This is for the lead");
    await composer(own, lead).press("Alt+KeyN");
    const note = own.getByTestId("note-text");
    await expect(note).toBeFocused();
    await expect(note).toHaveValue("");
    await expect(own.getByTestId("composer-text")).toHaveCount(0);
    await note.fill("She asks twice a week, ");
    await note.press("Alt+KeyN");
    await expect(composer(own, lead)).toHaveValue("This is for the lead");
    await composer(own, lead).press("Alt+KeyN");
    await expect(note).toHaveValue("She asks twice a week, ");
  });

  await test.step("@ offers colleagues, and the note is there for both", async () => {
    const note = own.getByTestId("note-text");
    await note.pressSequentially("@jon");
    await expect(own.getByTestId("mentions").getByRole("option")).toHaveCount(1);
    await note.press("Enter");
    await expect(note).toHaveValue(/@Jonas \S+ $/);
    await note.press("Enter");
    await expect(own.getByTestId("note")).toContainText("She asks twice a week");
    await expect(other.getByTestId("toast")).toContainText(/mentioned you in a note about/);
    await expect(row(other, lead).getByTestId("mark-mention")).toBeVisible();
    await expectAccessible(own);
  });

  await test.step("reading it takes the mark away", async () => {
    await other.getByTestId("toast").getByRole("button", { name: "Open" }).click();
    await expect(other.getByTestId("note")).toContainText("She asks twice a week");
    await expect(row(other, lead).getByTestId("mark-mention")).toHaveCount(0);
    await other.getByTestId("more-filters").click();
    await other.getByTestId("filter-mentions").click();
    await expect(row(other, lead)).toBeVisible();
  });

  await test.step("its author changes it and takes it back; the lead has seen nothing", async () => {
    await own.getByTestId("note-edit").click();
    await own.getByTestId("edit-note-text").fill("She asks every day");
    await own.getByTestId("edit-note-save").click();
    await expect(other.getByTestId("note")).toContainText("She asks every day");
    await own.getByTestId("note-delete").click();
    await own.getByTestId("confirm").getByRole("button", { name: "Delete" }).click();
    await expect(other.getByTestId("note-deleted")).toBeVisible();
    const sent = (await mira.messages(id)).filter((message) => message.direction === "outbound");
    expect(sent).toEqual([]);
  });
});

test("a lead is transferred with a comment, and taken back", async ({ device, someone, mira }) => {
  const lead = someone({ owner: "Mira" });
  await lead.phone.says("Hello?");
  const id = await mira.conversation(lead.id, "whatsapp", lead.identifierId);
  const [own, other] = [await device({ user: "Mira" }), await device({ user: "Jonas" })];
  await own.goto(`/c/${id}`);
  await other.goto("/");
  await expect(bubble(own, "Hello?")).toBeVisible();
  await expect(row(other, lead)).toBeVisible();

  await own.getByTestId("conversation-menu").click();
  await own.getByRole("menuitem", { name: "Transfer…" }).click();
  const dialog = own.getByTestId("transfer-dialog");
  await dialog.getByTestId("transfer-find").fill("jon");
  await dialog.getByTestId("transfer-person").first().check();
  await dialog.getByTestId("transfer-comment").fill("She prefers evenings");
  await expectAccessible(own);
  await dialog.getByTestId("transfer-submit").click();

  await expect(own.getByTestId("transfer")).toContainText(/Mira .* gave this conversation to Jonas/);
  await expect(own.getByTestId("note")).toContainText("She prefers evenings");
  await expect(other.getByTestId("toast")).toContainText(`gave you ${lead.name}`);
  await other.getByTestId("filters").getByRole("button", { name: "Mine" }).click();
  await expect(row(other, lead)).toBeVisible();

  await own.getByTestId("toast").getByRole("button", { name: "Undo" }).click();
  await expect(thread(own, lead)).toContainText("took that back");
  await expect(row(other, lead)).toHaveCount(0);
});

test("a lead is given to a group by keyboard, and the next in turn has it", async ({ device, someone, mira }) => {
  const lead = someone({ owner: "Mira" });
  await lead.phone.says("Who can help me?");
  const id = await mira.conversation(lead.id, "whatsapp", lead.identifierId);
  const own = await device({ user: "Mira" });
  await own.goto(`/c/${id}`);
  await expect(bubble(own, "Who can help me?")).toBeVisible();
  await own.getByTestId("conversation-menu").click();
  await own.getByRole("menuitem", { name: "Transfer…" }).click();
  const dialog = own.getByTestId("transfer-dialog");
  await dialog.getByTestId("transfer-find").fill("sal");
  await expect(dialog.getByTestId("transfer-group")).toHaveCount(1);
  await own.keyboard.press("ArrowDown");
  await expect(dialog.getByTestId("transfer-group")).toBeChecked();
  await expectAccessible(own);
  await dialog.getByTestId("transfer-submit").press("Enter");
  await expect(own.getByTestId("transfer")).toContainText(/Mira .* gave this conversation to Sales\. It was the turn of/);
  await own.getByTestId("toast").getByRole("button", { name: "Undo" }).click();
  await expect(thread(own, lead)).toContainText("took that back");
});

test("a snoozed conversation is away until the lead writes", async ({ device, someone, mira }) => {
  const lead = someone({ owner: "Mira" });
  await lead.phone.says("Call me next week");
  const id = await mira.conversation(lead.id, "whatsapp", lead.identifierId);
  const own = await device({ user: "Mira" });
  await own.goto(`/c/${id}`);
  await expect(bubble(own, "Call me next week")).toBeVisible();
  await own.getByTestId("conversation-menu").click();
  await own.getByRole("menuitem", { name: "Snooze…" }).click();
  await expectAccessible(own);
  await own.getByTestId("snooze-tomorrow").click();
  await expect(own.getByTestId("toast")).toContainText("Snoozed until");
  await expect(row(own, lead)).toHaveCount(0);

  await own.getByTestId("more-filters").click();
  await own.getByTestId("filter-snoozed").click();
  await expect(row(own, lead).getByTestId("mark-snoozed")).toBeVisible();
  await own.getByTestId("filter-chip").click();

  await lead.phone.says("Changed my mind: today!");
  await expect(row(own, lead).getByTestId("mark-back")).toBeVisible();
  await row(own, lead).click();
  await expect(bubble(own, "today!")).toBeVisible();
  await send(own, lead, "On my way");
  await expect(own.getByTestId("snooze-back")).toHaveCount(0);
});

test("a snooze ends by itself within seconds of its time", async ({ device, someone, mira }) => {
  const lead = someone({ owner: "Mira" });
  await lead.phone.says("In a moment");
  const id = await mira.conversation(lead.id, "whatsapp", lead.identifierId);
  const own = await device({ user: "Mira" });
  await own.goto("/");
  await expect(row(own, lead)).toBeVisible();
  await mira.call("ConversationService/SnoozeConversation", { conversationId: id, until: new Date(Date.now() + 3_000).toISOString() });
  await expect(row(own, lead)).toHaveCount(0);
  await expect(own.getByTestId("toast")).toContainText(`${lead.name} is back from snooze`, { timeout: 20_000 });
  await expect(row(own, lead).getByTestId("mark-back")).toBeVisible();
});

test("a conversation marked as unread stays so until it is opened again", async ({ device, someone, mira }) => {
  const lead = someone({ owner: "Mira" });
  await lead.phone.says("Think about it");
  const id = await mira.conversation(lead.id, "whatsapp", lead.identifierId);
  const own = await device({ user: "Mira" });
  await own.goto(`/c/${id}`);
  await expect(bubble(own, "Think about it")).toBeVisible();
  await own.getByTestId("conversation-menu").click();
  await own.getByRole("menuitem", { name: "Mark as unread" }).click();
  await expect(row(own, lead)).toContainText("Marked as unread");
  await own.getByTestId("filters").getByRole("button", { name: "Unread" }).click();
  await row(own, lead).click();
  await expect(row(own, lead)).not.toContainText("Marked as unread");
});

test("one who is replying shows for as long as the draft stands there", async ({ device, someone, mira, hub }) => {
  const lead = someone({ owner: "Mira" });
  await lead.phone.says("Anyone?");
  const id = await mira.conversation(lead.id, "whatsapp", lead.identifierId);
  await (await Api.signIn(hub, "Jonas")).readEverything();
  const [own, other] = [await device({ user: "Mira" }), await device({ user: "Jonas" })];
  await own.goto(`/c/${id}`);
  await other.goto(`/c/${id}`);
  await expect(bubble(own, "Anyone?")).toBeVisible();
  await composer(other, lead).fill("I will");
  await expect(own.getByTestId("replying")).toContainText(/Jonas .* is replying/);
  await expect(row(own, lead).getByTestId("row-replying")).toBeVisible();

  await composer(own, lead).fill("So will I");
  await expect(own.getByTestId("replying")).toContainText("to this lead too");
  await send(own, lead, "So will I");
  await expect(own.getByTestId("toast")).toContainText("was replying too");

  await composer(other, lead).fill("");
  await expect(own.getByTestId("replying")).toBeEmpty();
});
