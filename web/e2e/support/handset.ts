/** The handset page in the hand of a person who plays the lead. */
import { expect, type Locator, type Page } from "@playwright/test";
import type { Hub } from "./hub.js";
import type { Person } from "./people.js";
import { spaced } from "./screen.js";

/** Opens the page and picks up somebody's phone. */
export async function pickUp(page: Page, hub: Hub, person: Person): Promise<Locator> {
  if (page.url() === "about:blank") await page.goto(hub.sandboxUrl);
  const list = page.getByRole("navigation", { name: "All handsets" });
  await list.getByRole("searchbox", { name: "Search handsets" }).fill(person.name);
  await list.getByRole("listitem").getByRole("button", { name: person.name }).click();
  const phone = page.getByRole("article", { name: person.name });
  await expect(phone.getByText(spaced(person.phone.number))).toBeVisible();
  return phone;
}

/** Opens the thread on the phone's screen whose last message is this one. */
export async function openThread(phone: Locator, lastText: string): Promise<Locator> {
  await phone.getByRole("listitem").getByRole("button").filter({ hasText: lastText }).click();
  return phone.getByRole("log", { name: "Messages" });
}

export async function answer(phone: Locator, text: string): Promise<void> {
  const field = phone.getByRole("textbox", { name: "Message" });
  await field.fill(text);
  await field.press("Enter");
}

/** Turns one of the switches under the phone. */
export async function turn(phone: Locator, name: string, on: boolean): Promise<void> {
  const button = phone.getByRole("toolbar").getByRole("button", { name });
  if ((await button.getAttribute("aria-pressed")) !== String(on)) await button.click();
  await expect(button).toHaveAttribute("aria-pressed", String(on));
}
