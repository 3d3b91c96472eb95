import { computed } from "@preact/signals";
import { useEffect, useMemo } from "preact/hooks";
import { onActivity } from "../browser/activity.js";
import type { Session } from "../core/session.js";
import { isAlt } from "../ui/keys.js";
import { later } from "../ui/later.js";
import { Launcher } from "./Launcher.js";
import type { PanelProps } from "./Panel.js";
import type { WidgetState } from "./state.js";

const loadPanel = () => import("./panelEntry.js");

export interface WidgetProps {
  session: Session;
  state: WidgetState;
  origin: string;
  root: ShadowRoot;
}

export function Widget({ session, state, origin, root }: WidgetProps) {
  const Panel = useMemo(
    () =>
      later<PanelProps>(async () => {
        const { Panel: loaded, panelSheet } = await loadPanel();
        if (!root.adoptedStyleSheets.includes(panelSheet)) root.adoptedStyleSheets.push(panelSheet);
        return loaded;
      }),
    [root],
  );
  const desk = useMemo(() => computed(() => (session.state.value.kind === "in" ? session.state.value.desk : undefined)), [session]);
  const unread = useMemo(() => computed(() => desk.value?.unreadMine.value ?? 0), [desk]);
  const live = useMemo(() => computed(() => desk.value?.socket.state.value === "live"), [desk]);

  useEffect(() => onActivity(() => desk.peek()?.socket.activity()), [desk]);
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (isAlt(event, "KeyM")) state.setOpen(!state.open.value);
      else if (isAlt(event, "KeyM", true)) state.setExpanded(!state.expanded.value);
      else return;
      // Option+M would type a character on a Mac.
      event.preventDefault();
      event.stopPropagation();
    };
    // The user may have signed in on another page meanwhile.
    const look = () => {
      const { kind } = session.state.peek();
      if (document.visibilityState === "visible" && kind !== "unknown" && kind !== "in") void session.resume();
    };
    document.addEventListener("keydown", press, { capture: true });
    document.addEventListener("visibilitychange", look);
    addEventListener("focus", look);
    return () => {
      document.removeEventListener("keydown", press, { capture: true });
      document.removeEventListener("visibilitychange", look);
      removeEventListener("focus", look);
    };
  }, [session, state]);

  // Whoever closes the pop-up comes back to the launcher.
  const open = state.open.value;
  useEffect(() => {
    if (!open) return undefined;
    return () => root.querySelector<HTMLElement>("[data-testid=launcher]")?.focus({ preventScroll: true });
  }, [open, root]);

  const { block, inline } = state.corner.value;
  return (
    <div class={`widget widget-block-${block} widget-inline-${inline} ${open ? "widget-open" : ""}`}>
      {open && <Panel session={session} state={state} origin={origin} />}
      <Launcher state={state} unread={unread} live={live} onNear={() => void loadPanel()} />
    </div>
  );
}
