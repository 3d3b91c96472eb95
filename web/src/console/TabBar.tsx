import { Pencil, X } from "lucide-preact";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import type { Desk } from "../core/desk.js";
import type { Tabs } from "../core/tabs.js";
import { ChannelMark } from "../ui/ChannelMark.js";
import { Icon } from "../ui/Icon.js";
import { s } from "../ui/strings.js";
import { t } from "../ui/teamWords.js";
import { UnreadBadge } from "../ui/UnreadBadge.js";
import { paths } from "./router.js";
import { c } from "./strings.js";
import "./TabBar.css";

export interface TabBarProps {
  desk: Desk;
  tabs: Tabs;
  /** The conversation on screen; empty for none. */
  current: string;
  onOpen(id: string): void;
  /** byKey: the focus stays among the tabs. */
  onClose(id: string, byKey: boolean): void;
}

/** The id of what a tab shows. */
export const panelId = "conversation-panel";

/** The id of a conversation's tab. */
export const tabId = (conversation: string) => `tab-${conversation}`;

/**
 * The conversations at hand. Arrows move between tabs and Enter opens one: opening by
 * mere passing would read what the lead wrote.
 */
export function TabBar({ desk, tabs, current, onOpen, onClose }: TabBarProps) {
  const list = useRef<HTMLDivElement>(null);
  const [at, setAt] = useState("");
  const refocus = useRef(false);
  const ids = tabs.ids.value;
  const stop = [at, current].find((id) => ids.includes(id)) ?? ids[0];

  useEffect(() => setAt(current), [current]);
  useLayoutEffect(() => {
    const tab = tabOf(list.current, refocus.current ? stop : current);
    tab?.scrollIntoView({ block: "nearest", inline: "nearest" });
    if (!refocus.current) return;
    refocus.current = false;
    tab?.focus();
  }, [ids, current]);
  const faded = useFade(list, ids);

  const move = (to: string | undefined) => {
    if (to === undefined) return;
    setAt(to);
    tabOf(list.current, to)?.focus();
  };
  const close = (id: string, byKey: boolean) => {
    refocus.current = byKey;
    if (byKey) setAt(ids[ids.indexOf(id) + 1] ?? ids[ids.indexOf(id) - 1] ?? "");
    onClose(id, byKey);
  };
  const press = (event: KeyboardEvent, id: string) => {
    if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const ahead = getComputedStyle(event.currentTarget as HTMLElement).direction === "rtl" ? -1 : 1;
    const place = ids.indexOf(id);
    if (event.key === "ArrowRight") move(ids.at((place + ahead) % ids.length));
    else if (event.key === "ArrowLeft") move(ids.at((place - ahead) % ids.length));
    else if (event.key === "Home") move(ids[0]);
    else if (event.key === "End") move(ids.at(-1));
    else if (event.key === " ") onOpen(id);
    else if (event.key === "Delete" || event.key === "Backspace") close(id, true);
    else return;
    event.preventDefault();
  };

  return (
    <div class={`tabbar ${faded}`} data-testid="tabs">
      <div ref={list} class="tabbar-list" role="tablist" aria-label={c.tabs.label}>
        {ids.map((id) => (
          <Tab
            key={id}
            desk={desk}
            id={id}
            selected={id === current}
            stop={id === stop}
            onPress={(event) => press(event, id)}
            onClose={() => close(id, false)}
          />
        ))}
      </div>
    </div>
  );
}

interface TabProps {
  desk: Desk;
  id: string;
  selected: boolean;
  /** Whether the tab key stops here. */
  stop: boolean;
  onPress(event: KeyboardEvent): void;
  onClose(): void;
}

function Tab({ desk, id, selected, stop, onPress, onClose }: TabProps) {
  void desk.store.all.value;
  const chat = desk.store.get(id);
  const data = chat?.data.value;
  const unread = selected ? 0 : (chat?.unread.value ?? 0);
  const marked = !selected && unread === 0 && chat?.mark.value.unread === true;
  const writers = [...desk.presence.repliers(id).value.values()];
  const name = data ? data.leadName || s.unknownLead : s.loading;
  return (
    <div class={`tab ${selected ? "tab-on" : ""}`} role="presentation" data-testid="tab" data-conversation={id}>
      <a
        class="tab-link"
        role="tab"
        id={tabId(id)}
        href={paths.conversation(id)}
        aria-selected={selected}
        aria-controls={selected ? panelId : undefined}
        aria-keyshortcuts="Delete"
        tabIndex={stop ? 0 : -1}
        title={writers.length > 0 ? t.replying(writers) : name}
        onKeyDown={onPress}
        onMouseDown={(event) => event.button === 1 && event.preventDefault()}
        onAuxClick={(event) => {
          if (event.button !== 1) return;
          event.preventDefault();
          onClose();
        }}
      >
        {data && <ChannelMark channel={data.channel} silent />}
        <span class={`tab-name clip ${unread > 0 || marked ? "tab-unread" : ""}`}>{name}</span>
        {data && <span class="sr">{s.channel(data.channel)}</span>}
        {writers.length > 0 && (
          <span class="tab-writing" data-testid="tab-replying">
            <span class="sr">{t.replying(writers)}</span>
          </span>
        )}
        {!selected && desk.drafts.unsent(id) && (
          <span class="tab-draft" data-testid="tab-draft">
            <Icon of={Pencil} label={c.tabs.draft} />
          </span>
        )}
        <UnreadBadge count={unread} />
        {marked && (
          <span class="row-dot">
            <span class="sr">{t.mark.unread}</span>
          </span>
        )}
      </a>
      {/* For the mouse: a tab list holds tabs alone, and keys close them by Delete. */}
      <button type="button" class="tab-close" aria-hidden="true" tabIndex={-1} title={c.tabs.close} data-testid="close-tab" onClick={onClose}>
        <Icon of={X} />
      </button>
    </div>
  );
}

function tabOf(list: HTMLElement | null, id: string | undefined): HTMLElement | null {
  return id ? (list?.querySelector<HTMLElement>(`#${CSS.escape(tabId(id))}`) ?? null) : null;
}

/** Says by classes at which ends there is more to scroll to. */
function useFade(list: { current: HTMLDivElement | null }, ids: readonly string[]): string {
  const [faded, setFaded] = useState("");
  useEffect(() => {
    const element = list.current;
    if (!element) return undefined;
    const look = () => {
      // Counts down from zero where text runs from right to left.
      const before = Math.abs(element.scrollLeft);
      const after = element.scrollWidth - element.clientWidth - before;
      setFaded(`${before > 1 ? "tabbar-before" : ""} ${after > 1 ? "tabbar-after" : ""}`);
    };
    look();
    element.addEventListener("scroll", look, { passive: true });
    const observer = new ResizeObserver(look);
    observer.observe(element);
    return () => {
      element.removeEventListener("scroll", look);
      observer.disconnect();
    };
  }, [ids]);
  return faded;
}
