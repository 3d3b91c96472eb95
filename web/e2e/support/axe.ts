import axe, { type AxeResults } from "axe-core";
import { expect, type Page } from "@playwright/test";

/** Nothing on the page as it stands may be in the way of anybody. */
export async function expectAccessible(page: Page): Promise<void> {
  // What is still moving has no colours to speak of.
  await page.evaluate(() => Promise.allSettled(document.getAnimations().map((animation) => animation.finished)));
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate<AxeResults>("axe.run(document, { resultTypes: ['violations'] })");
  const found = violations.flatMap(({ id, help, nodes }) => nodes.map((node) => `${id}: ${help}: ${node.target.join(" ")} ${node.failureSummary ?? ""}`));
  expect(found).toEqual([]);
}
