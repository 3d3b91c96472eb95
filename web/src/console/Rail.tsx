import { Inbox, Search, Settings, Users } from "lucide-preact";
import type { LucideIcon } from "lucide-preact";
import type { Desk } from "../core/desk.js";
import { Icon } from "../ui/Icon.js";
import { keyNames } from "../ui/keys.js";
import { s } from "../ui/strings.js";
import { Mark } from "./Mark.js";
import { ProfileMenu } from "./ProfileMenu.js";
import { paths, type Route } from "./router.js";
import { settingsFor } from "./settings/pages.js";
import { c } from "./strings.js";

export interface RailProps {
  desk: Desk;
  page: Route["name"];
  /** A conversation is on screen: on a phone it has the whole screen. */
  inThread: boolean;
  onSearch(): void;
  onShortcuts(): void;
  onSignOut(): void;
}

/** The way between pages: beside them, or under them on a phone. */
export function Rail({ desk, page, inThread, onSearch, onShortcuts, onSignOut }: RailProps) {
  const unread = desk.unreadMine.value;
  const settings = settingsFor(desk);
  return (
    <nav class={`rail ${inThread ? "rail-thread" : ""}`} aria-label={c.console.main}>
      <a class="rail-mark" href={paths.inbox} aria-label={s.product}>
        <Mark size={28} />
      </a>
      <RailLink icon={Inbox} label={c.console.inbox} to={paths.inbox} current={page === "inbox"} count={unread} />
      <RailLink icon={Users} label={c.console.leads} to={paths.leads} current={page === "leads" || page === "lead" || page === "import"} />
      {settings[0] && <RailLink icon={Settings} label={c.console.settings} to={paths.settings(settings[0].path)} current={page === "settings"} />}
      <button
        type="button"
        class="rail-link"
        aria-label={c.console.search}
        title={`${c.console.search} (${keyNames.command}+K)`}
        data-testid="palette-button"
        onClick={onSearch}
      >
        <Icon of={Search} size={20} />
      </button>
      <span class="rail-space" />
      <ProfileMenu desk={desk} onShortcuts={onShortcuts} onSignOut={onSignOut} />
    </nav>
  );
}

function RailLink({ icon, label, to, current, count = 0 }: { icon: LucideIcon; label: string; to: string; current: boolean; count?: number }) {
  return (
    <a
      class="rail-link"
      href={to}
      aria-current={current ? "page" : undefined}
      aria-label={count > 0 ? `${label}, ${s.list.unreadCount(count)}` : label}
      title={label}
    >
      <Icon of={icon} size={20} />
      {count > 0 && (
        <span class="rail-count num" aria-hidden="true">
          {count > 99 ? "99+" : count}
        </span>
      )}
    </a>
  );
}
