import { signal, type Signal } from "@preact/signals";
import type { TextStorage } from "../core/env.js";

/** Which page the pop-up shows beside its list. */
export type Page = { kind: "list" } | { kind: "chat"; id: string } | { kind: "lead"; id: string } | { kind: "phone"; phone: string };

/** How the page's user is known here; missing: the page has not said who that is. */
export type SignIn = "cookie" | "token" | "missing";

/** A corner of the screen. */
export interface Corner {
  block: "start" | "end";
  inline: "start" | "end";
}

const cornerKey = "converse:corner";
const openKey = "converse:open";

// A page may forbid storage altogether.
const visit = {
  get: (): string | null => {
    try {
      return sessionStorage.getItem(openKey);
    } catch {
      return null;
    }
  },
  set: (value: string): void => {
    try {
      sessionStorage.setItem(openKey, value);
    } catch {
      // It opens closed the next time.
    }
  },
};

/** How the widget stands on its page. The corner is kept for good, the rest for the visit. */
export class WidgetState {
  readonly open: Signal<boolean>;
  readonly expanded = signal(false);
  readonly page = signal<Page>({ kind: "list" });
  readonly corner: Signal<Corner>;
  private readonly storage: TextStorage;

  constructor(
    storage: TextStorage,
    readonly signIn: SignIn,
  ) {
    this.storage = storage;
    this.open = signal(visit.get() === "1");
    const [block, inline] = (storage.get(cornerKey) ?? "").split(" ");
    this.corner = signal({ block: block === "start" ? "start" : "end", inline: inline === "start" ? "start" : "end" });
  }

  setOpen(open: boolean): void {
    this.open.value = open;
    if (!open) this.expanded.value = false;
    visit.set(open ? "1" : "");
  }

  setExpanded(expanded: boolean): void {
    this.expanded.value = expanded;
    if (expanded) this.setOpen(true);
  }

  setCorner(corner: Corner): void {
    this.corner.value = corner;
    this.storage.set(cornerKey, `${corner.block} ${corner.inline}`);
  }
}
