import { MessagesSquare, X } from "lucide-preact";
import type { ReadonlySignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { Icon } from "../ui/Icon.js";
import { keyNames } from "../ui/keys.js";
import { draggable } from "./drag.js";
import { launcher } from "./launcherWords.js";
import type { WidgetState } from "./state.js";

export interface LauncherProps {
  state: WidgetState;
  unread: ReadonlySignal<number>;
  live: ReadonlySignal<boolean>;
  /** The user is about to open it. */
  onNear(): void;
}

/** The round button that opens the pop-up, with what is unread and whether we are connected. */
export function Launcher({ state, unread, live, onNear }: LauncherProps) {
  const button = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    const element = button.current;
    return element ? draggable(element, () => state.corner.value, (corner) => state.setCorner(corner)) : undefined;
  }, [state]);
  const open = state.open.value;
  const count = unread.value;
  const label = open ? launcher.close : count > 0 ? launcher.openUnread(count) : launcher.open;
  return (
    <button
      ref={button}
      type="button"
      class="launcher"
      part="launcher"
      aria-label={label}
      aria-expanded={open}
      aria-description={launcher.move}
      title={`${label} (${keyNames.alt}+M)`}
      data-testid="launcher"
      onPointerEnter={onNear}
      onFocus={onNear}
      onClick={() => state.setOpen(!open)}
    >
      <Icon of={open ? X : MessagesSquare} size={24} />
      {!open && count > 0 && (
        <span class="launcher-badge num" data-testid="launcher-badge" aria-hidden="true">
          {count > 99 ? "99+" : count}
        </span>
      )}
      <span class={`launcher-dot ${live.value ? "launcher-live" : ""}`} aria-hidden="true" />
    </button>
  );
}
