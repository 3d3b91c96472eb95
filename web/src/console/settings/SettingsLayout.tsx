import { CircleAlert, Compass } from "lucide-preact";
import { useEffect, useRef } from "preact/hooks";
import type { Desk } from "../../core/desk.js";
import { EmptyState } from "../../ui/EmptyState.js";
import { Icon } from "../../ui/Icon.js";
import { go, paths } from "../router.js";
import { groups, moved, settingsFor, settingsPages, type SettingsPage } from "./pages.js";
import "./settings.css";
import { c } from "../strings.js";

/** The settings: their navigation, and one page of them. */
export function SettingsLayout({ desk, path, id }: { desk: Desk; path: string; id: string }) {
  const mine = settingsFor(desk);
  const page = settingsPages.find((one) => one.path === path);
  const Page = page?.page;
  const to = moved[path];
  useEffect(() => {
    if (to !== undefined) go(paths.settings(to), true);
  }, [to]);
  if (to !== undefined) return null;
  return (
    <div class="settings">
      <SettingsNav pages={mine} current={path} />
      <div class="settings-page">
        {!Page ? (
          <EmptyState whole icon={Compass} title={c.console.notFound} text={c.console.notFoundHelp} />
        ) : !mine.includes(page) ? (
          <EmptyState whole icon={CircleAlert} title={c.console.adminOnly} />
        ) : (
          <Page key={`${path}/${id}`} desk={desk} id={id} />
        )}
      </div>
    </div>
  );
}

function SettingsNav({ pages, current }: { pages: readonly SettingsPage[]; current: string }) {
  const order = Object.keys(groups) as SettingsPage["group"][];
  const nav = useRef<HTMLElement>(null);
  // On a phone the pages are one line that scrolls.
  useEffect(() => nav.current?.querySelector("[aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" }), [current]);
  return (
    <nav ref={nav} class="settings-nav scroll" aria-label={c.console.settings}>
      {order.map((group) => {
        const list = pages.filter((page) => page.group === group);
        if (list.length === 0) return null;
        return (
          <div key={group} class="settings-group">
            <h2 class="settings-title">{groups[group]}</h2>
            <ul>
              {list.map((page) => (
                <li key={page.path}>
                  <a href={paths.settings(page.path)} aria-current={page.path === current ? "page" : undefined}>
                    <Icon of={page.icon} />
                    {page.label}
                  </a>
                </li>
              ))}
            </ul>
          </div>
        );
      })}
    </nav>
  );
}
