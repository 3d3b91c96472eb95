import { type Signal, useSignal } from "@preact/signals";
import { Building2, Cable, CloudLightning, EyeOff, Monitor, Moon, Plane, Plus, Search, Sun, VolumeX } from "lucide-preact";
import { AddHandset } from "./AddHandset";
import type { Panel } from "./Desk";
import { Face } from "./Face";
import { nameOf, pretty } from "./merge";
import { faults, find, host, list, live, loaded, phones, pickUp, rows, search } from "./store";
import { nextTheme, theme } from "./theme";
import { brief } from "./time";
import type { Row as RowData } from "./types";
import { words } from "./words";

const icon = { size: 18, strokeWidth: 1.75, "aria-hidden": true } as const;

/** All handsets, the latest in use first. */
export function List({ panel }: { panel: Signal<Panel> }) {
  const adding = useSignal(false);
  const toggle = (name: Panel) => (panel.value = panel.value === name ? "" : name);
  const Theme = theme.value === "light" ? Sun : theme.value === "dark" ? Moon : Monitor;
  return (
    <nav class="list" aria-label={words.allHandsets}>
      <header class="list-head">
        <div class="grow">
          <h1>{words.title}</h1>
          <p class="meta">{live.value || !loaded.value ? words.tagline : words.reconnecting}</p>
        </div>
        {host.value && (
          <a class="icon-btn" href="/host/" target="_blank" rel="noopener" title={words.host} aria-label={words.host}>
            <Building2 {...icon} />
          </a>
        )}
        <button type="button" class="icon-btn" title={`${words.theme}: ${theme.value}`} aria-label={words.theme} onClick={nextTheme}>
          <Theme {...icon} />
        </button>
        <button
          type="button"
          class="icon-btn"
          title={words.wire}
          aria-label={words.wire}
          aria-expanded={panel.value === "wire"}
          onClick={() => toggle("wire")}
        >
          <Cable {...icon} />
        </button>
        <button
          type="button"
          class={`icon-btn stormy ${faults.value.length ? "on" : ""}`}
          title={faults.value.length ? words.inForce(faults.value.length) : words.mischief}
          aria-label={faults.value.length ? `${words.mischief}: ${words.inForce(faults.value.length)}` : words.mischief}
          aria-expanded={panel.value === "mischief"}
          onClick={() => toggle("mischief")}
        >
          <CloudLightning {...icon} />
        </button>
      </header>
      <div class="list-tools">
        <label class="search">
          <Search size={16} strokeWidth={1.75} aria-hidden="true" />
          <input
            type="search"
            placeholder={words.search}
            aria-label={words.search}
            value={search.value}
            onInput={(event) => find(event.currentTarget.value)}
          />
        </label>
        <button
          type="button"
          class="icon-btn add"
          aria-label={words.add}
          title={words.add}
          aria-expanded={adding.value}
          onClick={() => (adding.value = !adding.value)}
        >
          <Plus {...icon} />
        </button>
      </div>
      {adding.value && <AddHandset onDone={() => (adding.value = false)} />}
      <ul class="rows scroll">
        {list.value.map((row) => (
          <Row key={row.id} row={row} />
        ))}
        {loaded.value && list.value.length === 0 && (
          <li class="hint">
            <strong>{rows.value.size ? words.noMatch : words.none}</strong>
            {rows.value.size === 0 && <span>{words.noneHint}</span>}
          </li>
        )}
      </ul>
    </nav>
  );
}

function Row({ row }: { row: RowData }) {
  const open = phones.value.some((phone) => phone.id === row.id);
  const channel = row.lastChannel;
  return (
    <li>
      <button type="button" class="row" aria-current={open} onClick={() => pickUp(row.id)}>
        <span class="row-face">
          <Face id={row.id} name={row.name} size={42} />
          {channel && <span class={`channel-dot ${channel}`} title={words.channel(channel)} />}
        </span>
        <span class="grow row-text">
          <span class="row-line">
            <span class={`clip grow ${row.unread ? "strong" : ""}`}>{nameOf(row)}</span>
            <time class="meta num">{brief(row.lastAt)}</time>
          </span>
          <span class="row-line">
            <span class={`clip grow meta ${row.unread ? "strong" : ""}`}>{preview(row)}</span>
            {row.hidePhone && <EyeOff size={14} strokeWidth={1.75} class="meta" aria-label={words.addHide} />}
            {row.silent && <VolumeX size={14} strokeWidth={1.75} class="meta" aria-label={words.silent} />}
            {row.flight && <Plane size={14} strokeWidth={1.75} class="flying" aria-label={words.flight} />}
            {row.unread > 0 && (
              <span class="badge num">
                <span aria-hidden="true">{row.unread > 99 ? "99+" : row.unread}</span>
                <span class="sr">{words.unread(row.unread)}</span>
              </span>
            )}
          </span>
        </span>
      </button>
    </li>
  );
}

/** The last message, or else the number. Kinds without words come in brackets. */
function preview(row: RowData): string {
  const kind = /^\[(\w+)\]$/.exec(row.lastText ?? "")?.[1];
  if (kind) return words.kind(kind);
  return row.lastText || (row.name ? pretty(row.phone) || row.id : words.noThreads);
}
