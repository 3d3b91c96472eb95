/** A page of a company's CRM that includes the widget, and what a user does with it. */
import type { Locator, Page } from "@playwright/test";
import type { Wire } from "./wire.js";

// The CRM has style rules of its own, and none of them may reach into the widget.
const crm = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <title>CRM</title>
    <style>
      * { letter-spacing: 3px; }
      button, input, textarea { display: none !important; border: 9px solid red; }
      h1, h2, p { font-size: 60px; text-transform: uppercase; }
    </style>
  </head>
  <body>
    <main>
      <h1>Deal</h1>
      <label>Notes <textarea></textarea></label>
    </main>
    <converse-widget ATTRIBUTES></converse-widget>
    <script type="module" src="/widget.js"></script>
  </body>
</html>`;

/** Opens a page of the CRM with the widget on it. */
export async function openCRM(page: Page, wire: Wire, attributes = ""): Promise<void> {
  wire.page("/crm", crm.replace("ATTRIBUTES", attributes));
  await page.goto(`${wire.url}/crm`);
  await launcher(page).waitFor();
}

export function launcher(page: Page): Locator {
  return page.getByTestId("launcher");
}

export function popUp(page: Page): Locator {
  return page.getByRole("dialog", { name: "Converse" });
}
