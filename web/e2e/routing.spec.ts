import { expectAccessible } from "./support/axe.js";
import { Phone } from "./support/phone.js";
import { expect, test } from "./support/test.js";

const unknown = () => `+1303555${String(Math.floor(1000 + Math.random() * 9000))}`;

test("a rule gives unknown senders to a person, others wait and are taken from the banner", async ({ device, hub }) => {
  const ada = await device({ user: "Ada" });
  await ada.goto("/settings/routing");
  await expect(ada.getByRole("heading", { name: "Routing", level: 1 })).toBeVisible();
  await expect(ada.getByText("The active administrators, in turn (")).toBeVisible();

  await ada.getByTestId("add-rule").click();
  await ada.getByTestId("rule-name").fill("Later");
  await ada.getByTestId("rule-words").fill("no hurry");
  await ada.getByRole("radio", { name: "Nobody: they wait until somebody takes them" }).check();
  await ada.getByRole("button", { name: "Done" }).click();
  await ada.getByTestId("add-rule").click();
  await ada.getByTestId("rule-name").fill("Site visits");
  await ada.getByTestId("rule-words").fill("site visit, tour");
  await ada.getByRole("radio", { name: "One person" }).check();
  await ada.getByTestId("save-bar").getByRole("button", { name: "Save" }).click();
  await expect(ada.getByText("Choose the user who gets these leads.").first()).toBeVisible();
  const people = ada.getByTestId("rule-person");
  await people.selectOption(await people.locator("option").filter({ hasText: /^Mira/ }).first().getAttribute("value"));
  await ada.getByRole("button", { name: "Done" }).click();
  await ada.getByRole("button", { name: "Move Site visits up" }).click();
  await expect(ada.getByTestId("rule").first()).toContainText("Site visits");
  await expect(ada.getByTestId("rule").first()).toContainText("Leads who write with “site visit” or “tour” in the first message go to Mira");
  await ada.getByTestId("save-bar").getByRole("button", { name: "Save" }).click();
  await expect(ada.getByText("The rules are saved.")).toBeVisible();
  await ada.reload();
  await expect(ada.getByTestId("rule").first()).toContainText("Site visits");

  await ada.getByTestId("try-text").fill("May I book a site visit?");
  await ada.getByRole("button", { name: "Who gets it?" }).click();
  await expect(ada.getByTestId("try-answer")).toContainText(/Mira.* gets it\./);
  await expectAccessible(ada);

  const mira = await device({ user: "Mira" });
  await mira.goto("/");
  await expect(mira.getByTestId("offer")).toBeHidden();
  await new Phone(hub, unknown()).says("May I book a site visit on Sunday?");
  const row = mira.getByRole("link").filter({ hasText: "site visit on Sunday" });
  await expect(row).toBeVisible();
  await mira.getByTestId("filters").getByRole("button", { name: "Mine" }).click();
  await expect(row).toBeVisible();

  await new Phone(hub, unknown()).says("no hurry at all");
  const offer = mira.getByTestId("offer");
  await expect(offer).toContainText("1 lead waits for someone.");
  await expectAccessible(mira);
  await offer.getByRole("button", { name: "Take one" }).click();
  await expect(offer).toBeHidden();
  await expect(mira.getByText("The lead is yours.")).toBeVisible();
  await mira.getByTestId("filters").getByRole("button", { name: "All" }).click();
  await mira.getByTestId("filters").getByRole("button", { name: "Mine" }).click();
  await expect(mira.getByRole("link").filter({ hasText: "no hurry at all" })).toBeVisible();
});
