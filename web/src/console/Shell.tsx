import { Compass } from "lucide-preact";
import { useSignal } from "@preact/signals";
import { useEffect, useMemo } from "preact/hooks";
import { onActivity } from "../browser/activity.js";
import type { Filter } from "../core/chatlist.js";
import type { Desk } from "../core/desk.js";
import type { Channel } from "../core/model.js";
import type { Session } from "../core/session.js";
import { keepTabs, Tabs } from "../core/tabs.js";
import { Confirm } from "../ui/Confirm.js";
import { ConnectionBanner } from "../ui/ConnectionBanner.js";
import { EmptyState } from "../ui/EmptyState.js";
import { words } from "../ui/form/words.js";
import { later } from "../ui/later.js";
import { s } from "../ui/strings.js";
import { useNotices } from "../ui/useNotices.js";
import { hotkeys } from "./hotkeys.js";
import { Inbox } from "./Inbox.js";
import { Rail } from "./Rail.js";
import { go, leave, leaving, paths, route, type Route } from "./router.js";
import { c } from "./strings.js";

const Leads = later(() => import("./Leads.js").then((m) => m.Leads));
const ImportPage = later(() => import("./transfer/ImportPage.js").then((m) => m.ImportPage));
const LeadPage = later(() => import("./LeadPage.js").then((m) => m.LeadPage));
const SettingsLayout = later(() => import("./settings/SettingsLayout.js").then((m) => m.SettingsLayout));
const Palette = later(() => import("./Palette.js").then((m) => m.Palette));
const ConnectorBanner = later(() => import("./connectors/ConnectorBanner.js").then((m) => m.ConnectorBanner));
const Shortcuts = later(() => import("./Shortcuts.js").then((m) => m.Shortcuts));

const titles: Record<Route["name"], string> = {
  inbox: c.console.inbox,
  leads: c.console.leads,
  lead: s.lead.title,
  import: c.console.leads,
  settings: c.console.settings,
  login: c.login.title,
  welcome: s.product,
  nowhere: s.product,
};

/** Everything a signed-in user sees: the rail, a page, and what lies over it. */
export function Shell({ desk, session }: { desk: Desk; session: Session }) {
  const filter = useSignal<Filter>("all");
  const channel = useSignal<Channel | "">("");
  const over = useSignal<"" | "palette" | "shortcuts">("");
  const page = route.value;
  const tabs = useMemo(() => new Tabs({ storage: desk.env.storage, userId: desk.user.id, unsent: (id) => desk.drafts.unsent(id) }), [desk]);

  useNotices(desk, (id) => go(paths.conversation(id)));
  useEffect(() => keepTabs(tabs, desk), [tabs, desk]);
  useEffect(() => onActivity(() => desk.socket.activity()), [desk]);
  useEffect(() => {
    const save = () => desk.drafts.save();
    addEventListener("pagehide", save);
    return () => removeEventListener("pagehide", save);
  }, [desk]);
  useEffect(
    () =>
      hotkeys({
        rows: () => desk.list(filter.peek(), channel.peek()).rows.peek(),
        current: () => desk.active.peek(),
        tabs: () => tabs.ids.peek(),
        onPalette: () => (over.value = over.value === "palette" ? "" : "palette"),
        onShortcuts: () => (over.value = over.value === "shortcuts" ? "" : "shortcuts"),
      }),
    [desk, tabs],
  );
  const unread = desk.unreadMine.value;
  useEffect(() => {
    // A lead's page is called for its lead, which it knows itself.
    if (page.name !== "lead") document.title = c.console.titleOf(titles[page.name], unread);
  }, [page.name, unread]);

  return (
    <div class="shell">
      <a class="skip" href="#content">
        {c.console.skip}
      </a>
      <Rail
        desk={desk}
        page={page.name}
        inThread={page.name === "inbox" && page.conversation !== ""}
        onSearch={() => (over.value = "palette")}
        onShortcuts={() => (over.value = "shortcuts")}
        onSignOut={() => void session.logOut()}
      />
      <div class="shell-page">
        <ConnectionBanner health={desk.health} closedBy={desk.socket.closedBy} onReload={() => location.reload()} />
        {desk.rights.administers && <ConnectorBanner desk={desk} />}
        <main id="content" class="shell-main" tabIndex={-1}>
          {page.name === "inbox" && <Inbox desk={desk} tabs={tabs} filter={filter} channel={channel} conversation={page.conversation} />}
          {page.name === "leads" && <Leads desk={desk} />}
          {page.name === "lead" && <LeadPage key={page.id} desk={desk} id={page.id} />}
          {page.name === "import" && <ImportPage desk={desk} id={page.id} />}
          {page.name === "settings" && <SettingsLayout desk={desk} path={page.path} id={page.id} />}
          {page.name === "nowhere" && (
            <EmptyState whole icon={Compass} title={c.console.notFound} text={c.console.notFoundHelp}>
              <button type="button" class="btn primary" onClick={() => go(paths.inbox)}>
                {c.console.toInbox}
              </button>
            </EmptyState>
          )}
        </main>
      </div>
      {leaving.value !== undefined && (
        <Confirm
          title={words.leaveTitle}
          text={words.leaveText}
          confirm={words.leave}
          onConfirm={leave}
          onClose={() => (leaving.value = undefined)}
        />
      )}
      {over.value === "palette" && <Palette desk={desk} onShortcuts={() => (over.value = "shortcuts")} onClose={() => (over.value = "")} />}
      {over.value === "shortcuts" && <Shortcuts onClose={() => (over.value = "")} />}
    </div>
  );
}
