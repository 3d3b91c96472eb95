import type { Chat } from "../core/store.js";
import { altDigit, isAlt, isCommand } from "../ui/keys.js";
import { go, paths } from "./router.js";

export interface HotkeyTargets {
  /** The conversations in the order on screen. */
  rows(): readonly Chat[];
  current(): string;
  /** The conversations of the tabs. */
  tabs(): readonly string[];
  onPalette(): void;
  onShortcuts(): void;
}

/** The console's shortcuts. Each has a modifier, so none fires while typing. */
export function hotkeys(targets: HotkeyTargets): () => void {
  const press = (event: KeyboardEvent) => {
    if (isCommand(event, "KeyK")) targets.onPalette();
    else if (isCommand(event, "Slash")) targets.onShortcuts();
    else if (isAlt(event, "ArrowDown")) step(targets, 1, false);
    else if (isAlt(event, "ArrowUp")) step(targets, -1, false);
    else if (isAlt(event, "ArrowDown", true)) step(targets, 1, true);
    else if (isAlt(event, "ArrowUp", true)) step(targets, -1, true);
    else if (altDigit(event) > 0) toTab(targets.tabs()[altDigit(event) - 1]);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  document.addEventListener("keydown", press, { capture: true });
  return () => document.removeEventListener("keydown", press, { capture: true });
}

function toTab(id: string | undefined): void {
  if (id !== undefined) go(paths.conversation(id));
}

function step({ rows, current }: HotkeyTargets, by: 1 | -1, unreadOnly: boolean): void {
  const list = rows();
  const at = list.findIndex((chat) => chat.id === current());
  const start = at < 0 && by < 0 ? list.length : at;
  for (let i = start + by; i >= 0 && i < list.length; i += by) {
    const chat = list[i];
    if (chat && (!unreadOnly || chat.calls.value)) return go(paths.conversation(chat.id));
  }
}
