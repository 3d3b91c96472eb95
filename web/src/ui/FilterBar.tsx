import { ListFilter, X } from "lucide-preact";
import { useEffect, useRef, useState } from "preact/hooks";
import type { Filter } from "../core/chatlist.js";
import type { Counts, FilterCounts } from "../core/counts.js";
import type { Channel } from "../core/model.js";
import { Icon } from "./Icon.js";
import { IconButton } from "./IconButton.js";
import { Popover } from "./Popover.js";
import { Segmented } from "./Segmented.js";
import { s } from "./strings.js";
import { t } from "./teamWords.js";

export interface FilterBarProps {
  filter: Filter;
  channel: Channel | "";
  counts: Counts;
  onFilter(filter: Filter): void;
  onChannel(channel: Channel | ""): void;
}

const main = ["all", "mine", "unread"] as const;
const more = ["mentions", "unassigned", "window_closing", "snoozed"] as const;
const channels = ["", "whatsapp", "sms"] as const;

/** Which conversations are listed. The three that are used all day are in sight. */
export function FilterBar({ filter, channel, counts, onFilter, onChannel }: FilterBarProps) {
  const anchor = useRef<HTMLButtonElement>(null);
  const [open, setOpen] = useState(false);
  useEffect(() => counts.watch(), [counts]);
  useEffect(() => {
    counts.channel.value = channel;
  }, [counts, channel]);
  const known = counts.of.value;
  const special = more.find((one) => one === filter);
  const waiting = (known.mentions ?? 0) + (known.window_closing ?? 0);
  return (
    <div>
      <div class="filter-bar">
        <Segmented
          label={t.filter.show}
          value={filter}
          testId="filters"
          onChange={onFilter}
          options={main.map((value) => ({ value, label: t.filter.name(value), ...(value === "unread" ? { count: known.unread ?? 0 } : {}) }))}
        />
        <IconButton
          anchor={anchor}
          icon={ListFilter}
          label={t.filter.more}
          expanded={open}
          class={special || channel || waiting > 0 ? "filter-on" : ""}
          onClick={() => setOpen(!open)}
          testId="more-filters"
        />
      </div>
      {(special || channel) && (
        <div class="filter-chips">
          {special && <Chip name={t.filter.name(special)} onClear={() => onFilter("all")} />}
          {channel && <Chip name={s.channel(channel)} onClear={() => onChannel("")} />}
        </div>
      )}
      {open && (
        <Popover anchor={anchor} label={t.filter.more} role="menu" align="end" onClose={() => setOpen(false)} class="filter-menu" testId="filter-menu">
          <Choices
            filter={filter}
            channel={channel}
            counts={known}
            onFilter={(next) => {
              setOpen(false);
              onFilter(next);
            }}
            onChannel={(next) => {
              setOpen(false);
              onChannel(next);
            }}
          />
        </Popover>
      )}
    </div>
  );
}

function Chip({ name, onClear }: { name: string; onClear(): void }) {
  return (
    <button type="button" class="filter-chip" title={t.filter.clear(name)} aria-label={t.filter.clear(name)} data-testid="filter-chip" onClick={onClear}>
      {name}
      <Icon of={X} />
    </button>
  );
}

interface ChoicesProps {
  filter: Filter;
  channel: Channel | "";
  counts: FilterCounts;
  onFilter(filter: Filter): void;
  onChannel(channel: Channel | ""): void;
}

function Choices({ filter, channel, counts, onFilter, onChannel }: ChoicesProps) {
  return (
    <>
      <p class="filter-title" aria-hidden="true">
        {t.filter.show}
      </p>
      <div role="group" aria-label={t.filter.show}>
        {more.map((one) => (
          <button
            key={one}
            type="button"
            role="menuitemradio"
            class="filter-item"
            aria-checked={filter === one}
            data-testid={`filter-${one}`}
            onClick={() => onFilter(one)}
          >
            <span class="grow">{t.filter.name(one)}</span>
            {(counts[one] ?? 0) > 0 && <span class="segmented-count num">{(counts[one] ?? 0) > 99 ? "99+" : counts[one]}</span>}
          </button>
        ))}
      </div>
      <p class="filter-title" aria-hidden="true">
        {t.filter.channel}
      </p>
      <div role="group" aria-label={t.filter.channel}>
        {channels.map((one) => (
          <button
            key={one}
            type="button"
            role="menuitemradio"
            class="filter-item"
            aria-checked={channel === one}
            data-testid={`channel-${one || "any"}`}
            onClick={() => onChannel(one)}
          >
            {one ? s.channel(one) : t.filter.any}
          </button>
        ))}
      </div>
    </>
  );
}
