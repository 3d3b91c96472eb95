/** Files over the composer, and in the thread. */
import type { Locator, Page } from "@playwright/test";
import type { TestFile } from "./files.js";

type Place = Page | Locator;

/** Opens the panel that says what can be sent. */
export async function attachPanel(place: Place): Promise<Locator> {
  await place.getByRole("button", { name: "Attach files" }).click();
  return place.getByRole("dialog", { name: "What can be sent from this number" });
}

/** Chooses files as a user does: by the button, and the system's own dialog. */
export async function attach(page: Page, place: Place, ...files: TestFile[]): Promise<void> {
  const panel = await attachPanel(place);
  const choosing = page.waitForEvent("filechooser");
  await panel.getByRole("button", { name: /^Choose/ }).click();
  await (await choosing).setFiles(files);
}

/** A file over the composer. */
export function attached(place: Place, name: string): Locator {
  return place.getByRole("group", { name: "Files of this message" }).getByRole("listitem").filter({ hasText: name });
}

/** How wide a picture came out; 0 while it has not come. */
export async function shownWidth(image: Locator): Promise<number> {
  return image.evaluate((element: HTMLImageElement) => (element.complete ? element.naturalWidth : 0));
}
