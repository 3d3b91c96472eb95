/** What a user sees and does in a conversation, by role and by name. */
import type { Locator, Page } from "@playwright/test";
import { expect } from "./test.js";
import type { Person } from "./people.js";

type Place = Page | Locator;

/** The words of a tick, as a screen reader says them. */
export type Tick =
  | "Waiting to be sent"
  | "Sending"
  | "Sent"
  | "Delivered"
  | "Read"
  | "Not delivered"
  | "Not sure whether it was sent";

export function thread(place: Place, person: Person): Locator {
  return place.getByRole("log", { name: `Messages with ${person.name}` });
}

export function bubble(place: Place, text: string): Locator {
  return place.getByTestId("message").filter({ hasText: text });
}

/** A tick that opens the timeline; before the server has the message it is a picture. */
export function tick(message: Locator, word: Tick): Locator {
  return message.getByRole("button", { name: `${word}, ` }).or(message.getByRole("img", { name: word, exact: true }));
}

export async function expectTick(message: Locator, word: Tick): Promise<void> {
  await expect(tick(message, word)).toBeVisible();
}

export function composer(place: Place, person: Person): Locator {
  return place.getByRole("textbox", { name: `Message to ${person.name}` });
}

export async function send(place: Place, person: Person, text: string): Promise<Locator> {
  await composer(place, person).fill(text);
  await composer(place, person).press("Enter");
  return bubble(place, text);
}

export function row(place: Place, person: Person): Locator {
  return place.getByTestId("conversation-row").filter({ hasText: person.name });
}

/** Finds a lead by search and opens the conversation over a channel. */
export async function pick(place: Place, person: Person, channel: "WhatsApp" | "SMS", number = person.phone.number): Promise<void> {
  await place.getByRole("combobox", { name: "Search leads" }).fill(person.name);
  await place.getByRole("option", { name: person.name }).click();
  await way(place.getByTestId("lead-choices"), channel, number).click();
}

/** One of the ways to talk to a lead. */
export function way(place: Place, channel: "WhatsApp" | "SMS", number: string): Locator {
  return place.getByTestId("choice").filter({ hasText: channel }).filter({ hasText: spaced(number) });
}

/** Changes to another number or channel of the lead on screen. */
export async function switchTo(place: Place, channel: "WhatsApp" | "SMS", number: string): Promise<void> {
  await place.getByRole("button", { name: "Number and channel: " }).click();
  await way(place.getByRole("dialog", { name: "Number and channel" }), channel, number).click();
  await expect(place.getByRole("button", { name: `Number and channel: ${channel} ${spaced(number)}` })).toBeVisible();
}

/** A number as screens write it. */
export function spaced(number: string): string {
  return number.replace(/^\+1(\d{3})(\d{3})(\d{4})$/, "+1 $1 $2 $3");
}
