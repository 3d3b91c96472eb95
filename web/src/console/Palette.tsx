import { Inbox, Keyboard, Moon, Smartphone, Sun, SunMoon, Users } from "lucide-preact";
import type { LucideIcon } from "lucide-preact";
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import { setTheme } from "../browser/theme.js";
import type { Desk } from "../core/desk.js";
import { LeadSearch } from "../core/leadsearch.js";
import type { Lead } from "../core/model.js";
import { Avatar } from "../ui/Avatar.js";
import { phone } from "../ui/format.js";
import { Icon } from "../ui/Icon.js";
import { s } from "../ui/strings.js";
import { demo } from "./demo.js";
import "./Palette.css";
import { go, paths } from "./router.js";
import { settingsFor } from "./settings/pages.js";
import { c } from "./strings.js";

export interface PaletteProps {
  desk: Desk;
  onShortcuts(): void;
  onClose(): void;
}

interface Command {
  id: string;
  group: string;
  label: string;
  note?: string;
  icon?: LucideIcon;
  run(): void;
}

/** Everything from one field: leads, pages, actions. */
export function Palette({ desk, onShortcuts, onClose }: PaletteProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const search = useMemo(() => new LeadSearch(desk.env.clock, desk.call, 8), [desk]);
  const [at, setAt] = useState(0);
  useLayoutEffect(() => {
    dialog.current?.showModal();
    return () => dialog.current?.close();
  }, []);
  useEffect(() => void search.run(), [search]);

  const query = search.query.value;
  const leads = search.results.value.map(leadCommand);
  const words = query.toLowerCase().trim();
  const fixed = commands(desk, onShortcuts).filter((command) => command.label.toLowerCase().includes(words));
  // Commands first while nothing is typed: the leads below are only the latest.
  const all = words === "" ? [...fixed, ...leads] : [...leads, ...fixed];
  const index = Math.min(at, Math.max(0, all.length - 1));
  useEffect(() => setAt(0), [query, leads.length]);
  useEffect(() => {
    dialog.current?.querySelector("[aria-selected=true]")?.scrollIntoView({ block: "nearest" });
  }, [index]);

  const run = (command: Command | undefined) => {
    if (!command) return;
    onClose();
    command.run();
  };
  // Who types quickly means the first thing found, not a lead found for fewer letters.
  const enter = async () => {
    if (search.fresh) return run(all[index]);
    const found = await search.settled();
    if (found) run(found.map(leadCommand)[0] ?? fixed[0]);
  };
  const keyDown = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined && all.length > 0) {
      event.preventDefault();
      setAt((index + step + all.length) % all.length);
    } else if (event.key === "Enter" && !event.isComposing) {
      event.preventDefault();
      void enter();
    }
  };
  return (
    <dialog
      ref={dialog}
      class="dialog palette"
      aria-label={c.console.search}
      data-testid="palette"
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      onClick={(event) => event.target === dialog.current && onClose()}
    >
      <input
        class="palette-field"
        type="text"
        role="combobox"
        autocomplete="off"
        spellcheck={false}
        placeholder={c.palette.placeholder}
        aria-label={c.palette.placeholder}
        aria-expanded={true}
        aria-controls="palette-list"
        aria-activedescendant={all.length > 0 ? `palette-${index}` : undefined}
        value={query}
        onInput={(event) => search.type(event.currentTarget.value)}
        onKeyDown={keyDown}
      />
      <div id="palette-list" class="palette-list scroll" role="listbox" aria-label={c.console.search}>
        {all.map((command, i) => (
          <div key={command.id} role="presentation">
            {command.group !== all[i - 1]?.group && <div class="palette-group">{command.group}</div>}
            <div
              id={`palette-${i}`}
              class="palette-row"
              role="option"
              aria-selected={i === index}
              onPointerMove={() => setAt(i)}
              onClick={() => run(command)}
            >
              {command.icon ? <Icon of={command.icon} /> : <Avatar name={command.label} id={command.id} size="small" />}
              <span class="grow clip">{command.label}</span>
              <span class="meta num">{command.note}</span>
            </div>
          </div>
        ))}
        {all.length === 0 && search.state.value === "ready" && <p class="palette-none quiet">{c.palette.none}</p>}
      </div>
      <p class="palette-hint meta">{c.palette.hint}</p>
    </dialog>
  );
}

function leadCommand(lead: Lead): Command {
  return {
    id: lead.id,
    group: c.palette.leads,
    label: lead.name || s.unknownLead,
    note: phone(lead.identifiers[0]?.value ?? ""),
    run: () => go(paths.lead(lead.id)),
  };
}

function commands(desk: Desk, onShortcuts: () => void): Command[] {
  const page = (label: string, icon: LucideIcon, to: string): Command => ({ id: to, group: c.palette.pages, label, icon, run: () => go(to) });
  const action = (label: string, icon: LucideIcon, run: () => void): Command => ({ id: label, group: c.palette.actions, label, icon, run });
  const sandbox = demo.value?.sandboxUrl;
  return [
    page(c.console.inbox, Inbox, paths.inbox),
    page(c.console.leads, Users, paths.leads),
    ...settingsFor(desk).map((one) => page(one.label, one.icon, paths.settings(one.path))),
    action(c.palette.theme(c.console.light), Sun, () => setTheme("light")),
    action(c.palette.theme(c.console.dark), Moon, () => setTheme("dark")),
    action(c.palette.theme(c.console.system), SunMoon, () => setTheme("system")),
    action(c.console.shortcuts, Keyboard, onShortcuts),
    ...(sandbox ? [action(c.login.handsets, Smartphone, () => window.open(sandbox, "_blank", "noopener"))] : []),
  ];
}
