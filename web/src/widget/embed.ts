/** What a host page and the widget say to each other. */
import type { GetToken } from "../core/token.js";

/** What a page may set before the script: `window.Converse = { getToken }`. */
export interface ConversePage {
  getToken?: GetToken;
}

declare global {
  interface Window {
    Converse?: ConversePage;
  }
}

/** The events a host page can listen to, on the element or above it, with what each tells. */
export interface WidgetEvents {
  "converse:open": undefined;
  "converse:close": undefined;
  /** Unread messages of the user's own leads. */
  "converse:unread": { count: number };
  /** How the user is signed in: "in", "out", "refused" (the site is not allowed) or "unreachable". */
  "converse:session": { state: string };
}

export function tell<K extends keyof WidgetEvents>(element: HTMLElement, name: K, detail: WidgetEvents[K]): void {
  element.dispatchEvent(new CustomEvent(name, { bubbles: true, composed: true, detail }));
}
