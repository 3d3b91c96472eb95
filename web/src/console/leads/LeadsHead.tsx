import { Columns3, Download, Ellipsis, Search, Upload, UserPlus } from "lucide-preact";
import { useRef, useState } from "preact/hooks";
import type { Desk } from "../../core/desk.js";
import type { LeadSearch } from "../../core/leadsearch.js";
import { Icon } from "../../ui/Icon.js";
import { IconButton } from "../../ui/IconButton.js";
import { Menu, type MenuItem } from "../../ui/Menu.js";
import { Popover } from "../../ui/Popover.js";
import { s } from "../../ui/strings.js";
import { go, paths } from "../router.js";
import { t } from "../transfer/strings.js";
import { l } from "./strings.js";
import { c } from "../strings.js";

export interface LeadsHeadProps {
  desk: Desk;
  search: LeadSearch;
  onAdd(): void;
  onExport(): void;
  onColumns(): void;
}

/** The title of the leads page with what can be done there; on a phone one line, the rest in a menu. */
export function LeadsHead({ desk, search, onAdd, onExport, onColumns }: LeadsHeadProps) {
  const { creates, imports, exports } = desk.rights;
  const more: MenuItem[] = [
    ...(imports ? [{ label: t.short, icon: Upload, onSelect: () => go(paths.import()) }] : []),
    ...(exports ? [{ label: t.exports.open, icon: Download, onSelect: onExport }] : []),
    { label: l.columns, icon: Columns3, onSelect: onColumns },
  ];
  return (
    <header class="content-head leads-head">
      <h1>{c.console.leads}</h1>
      <div class="content-search" role="search">
        <Icon of={Search} />
        <input
          class="field"
          type="search"
          autocomplete="off"
          placeholder={s.search.placeholder}
          aria-label={s.search.label}
          value={search.query.value}
          data-testid="leads-search"
          onInput={(event) => search.type(event.currentTarget.value)}
        />
      </div>
      {imports && (
        <a class="btn leads-roomy" href={paths.import()}>
          <Icon of={Upload} />
          {t.short}
        </a>
      )}
      {exports && (
        <button type="button" class="btn leads-roomy" onClick={onExport}>
          <Icon of={Download} />
          {t.exports.open}
        </button>
      )}
      {creates && (
        <button type="button" class="btn primary leads-add" aria-label={l.add} data-testid="new-lead" onClick={onAdd}>
          <Icon of={UserPlus} />
          <span>{l.add}</span>
        </button>
      )}
      <More items={more} />
    </header>
  );
}

function More({ items }: { items: readonly MenuItem[] }) {
  const anchor = useRef<HTMLButtonElement>(null);
  const [open, setOpen] = useState(false);
  const chosen = (item: MenuItem) => () => {
    setOpen(false);
    item.onSelect();
  };
  return (
    <>
      <IconButton anchor={anchor} icon={Ellipsis} label={l.moreActions} expanded={open} onClick={() => setOpen(!open)} class="leads-narrow" testId="leads-more" />
      {open && (
        <Popover anchor={anchor} label={l.moreActions} role="menu" align="end" onClose={() => setOpen(false)}>
          <Menu items={items.map((item) => ({ ...item, onSelect: chosen(item) }))} />
        </Popover>
      )}
    </>
  );
}
