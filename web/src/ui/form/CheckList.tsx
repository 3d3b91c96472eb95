import { Search } from "lucide-preact";
import { useState } from "preact/hooks";
import { Icon } from "../Icon.js";
import { words } from "./words.js";

export interface CheckOption {
  value: string;
  label: string;
  note?: string;
  disabled?: boolean;
}

export interface CheckListProps {
  label: string;
  options: readonly CheckOption[];
  value: readonly string[];
  onChange(value: string[]): void;
  /** Said when there is nothing to choose from. */
  empty?: string;
  testId?: string;
}

/** From this many on, the list can be searched. */
const many = 9;

/** Several of many; a long list has a field to narrow it. */
export function CheckList({ label, options, value, onChange, empty, testId }: CheckListProps) {
  const [query, setQuery] = useState("");
  const wanted = query.trim().toLowerCase();
  const shown = options.filter((option) => `${option.label} ${option.note ?? ""}`.toLowerCase().includes(wanted));
  const turn = (one: string, on: boolean) => onChange(on ? [...value, one] : value.filter((other) => other !== one));
  return (
    <fieldset class="form-group" data-testid={testId}>
      <legend class="form-label">
        {label} {value.length > 0 && <span class="meta">{words.chosen(value.length)}</span>}
      </legend>
      {options.length >= many && (
        <span class="form-search">
          <Icon of={Search} />
          <input
            class="field"
            type="search"
            aria-label={words.search}
            placeholder={words.search}
            value={query}
            onInput={(event) => setQuery(event.currentTarget.value)}
          />
        </span>
      )}
      <div class="form-checks scroll">
        {shown.map((option) => (
          <Check
            key={option.value}
            label={option.label}
            note={option.note}
            disabled={option.disabled}
            value={value.includes(option.value)}
            onChange={(on) => turn(option.value, on)}
          />
        ))}
        {shown.length === 0 && <p class="meta">{options.length === 0 ? (empty ?? words.noneFound) : words.noneFound}</p>}
      </div>
    </fieldset>
  );
}

export interface CheckProps {
  label: string;
  note?: string | undefined;
  value: boolean;
  onChange(value: boolean): void;
  disabled?: boolean | undefined;
  testId?: string;
}

/** One box to tick. */
export function Check({ label, note, value, onChange, disabled, testId }: CheckProps) {
  return (
    <label class="form-check">
      <input type="checkbox" checked={value} disabled={disabled} data-testid={testId} onChange={(event) => onChange(event.currentTarget.checked)} />
      <span>
        {label}
        {note && <span class="meta form-check-help">{note}</span>}
      </span>
    </label>
  );
}
