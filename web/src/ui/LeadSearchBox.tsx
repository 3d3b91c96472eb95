import { Search, X } from "lucide-preact";
import type { RefObject } from "preact";
import { useEffect, useId, useState } from "preact/hooks";
import type { LeadSearch } from "../core/leadsearch.js";
import type { Lead } from "../core/model.js";
import { Avatar } from "./Avatar.js";
import { phone } from "./format.js";
import { Icon } from "./Icon.js";
import { IconButton } from "./IconButton.js";
import { s } from "./strings.js";

export interface LeadSearchBoxProps {
  search: LeadSearch;
  input: RefObject<HTMLInputElement>;
  /** Whether results are in sight: they take the place of what is below. */
  active: boolean;
  onActive(active: boolean): void;
  onPick(lead: Lead): void;
}

/** Finds a lead while the user types; arrow keys choose, Enter opens. */
export function LeadSearchBox({ search, input, active, onActive, onPick }: LeadSearchBoxProps) {
  const id = useId();
  const [at, setAt] = useState(0);
  const results = search.results.value;
  const query = search.query.value;
  useEffect(() => setAt(0), [results]);

  const leave = () => {
    search.type("");
    onActive(false);
    input.current?.blur();
  };
  const pick = (lead: Lead) => {
    leave();
    onPick(lead);
  };
  // Who types quickly means the first one found, not one found for fewer letters.
  const enter = async () => {
    const chosen = search.fresh ? at : 0;
    const lead = (await search.settled())?.[chosen];
    if (lead) pick(lead);
  };
  const keyDown = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined && !event.altKey && results.length > 0) {
      event.preventDefault();
      setAt((at + step + results.length) % results.length);
    } else if (event.key === "Enter" && !event.isComposing) {
      event.preventDefault();
      if (active) void enter();
    } else if (event.key === "Escape" && active) {
      event.stopPropagation();
      leave();
    }
  };
  const option = (index: number) => `${id}-${index}`;
  return (
    <div class={`search ${active ? "search-active" : ""}`} role="search">
      <div class="search-field">
        <Icon of={Search} />
        <input
          ref={input}
          class="field"
          type="text"
          role="combobox"
          inputMode="search"
          autocomplete="off"
          spellcheck={false}
          placeholder={s.list.search}
          aria-label={s.search.label}
          aria-expanded={active}
          aria-controls={`${id}-list`}
          aria-activedescendant={active && results.length > 0 ? option(at) : undefined}
          value={query}
          data-testid="lead-search"
          onFocus={() => {
            onActive(true);
            void search.run();
          }}
          onInput={(event) => {
            onActive(true);
            search.type(event.currentTarget.value);
          }}
          onKeyDown={keyDown}
        />
        {active && <IconButton icon={X} size={16} label={s.close} onClick={leave} />}
      </div>
      {active && (
        <div class="search-results scroll" id={`${id}-list`} role="listbox" aria-label={query.trim() === "" ? s.search.recent : s.search.label}>
          {results.map((lead, index) => (
            <div
              key={lead.id}
              id={option(index)}
              class="search-row"
              role="option"
              aria-selected={index === at}
              data-testid="lead-result"
              // The press must not take the focus first: leaving the field closes the list.
              onPointerDown={(event) => event.preventDefault()}
              onClick={() => pick(lead)}
            >
              <Avatar name={lead.name} id={lead.id} />
              <span class="grow">
                <span class="search-name clip">{lead.name || s.unknownLead}</span>
                <span class="meta clip search-reach num">
                  {lead.identifiers.map((identifier) => phone(identifier.value)).join(" · ")}
                </span>
              </span>
              {lead.ownerName && <span class="meta clip search-owner">{lead.ownerName}</span>}
            </div>
          ))}
          {results.length === 0 && search.state.value === "ready" && (
            <div class="search-none">
              <p>{query.trim() === "" ? s.lead.noLeads : s.search.none(query.trim())}</p>
              <p class="meta">{s.search.noneHelp}</p>
            </div>
          )}
          {search.state.value === "failed" && <p class="search-none">{s.search.failed}</p>}
        </div>
      )}
      <div class="sr" role="status">
        {active && search.state.value === "ready" ? s.search.results(results.length) : ""}
      </div>
    </div>
  );
}
