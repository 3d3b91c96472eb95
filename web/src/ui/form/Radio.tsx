import { useId } from "preact/hooks";
import type { ComponentChildren } from "preact";

export interface RadioProps<T extends string> {
  label: string;
  value: T;
  options: readonly { value: T; label: string; help?: ComponentChildren; disabled?: boolean }[];
  onChange(value: T): void;
  /** Beside one another instead of below. */
  inline?: boolean;
  testId?: string;
}

/** One of a few, each with room to say what it means. */
export function Radio<T extends string>({ label, value, options, onChange, inline, testId }: RadioProps<T>) {
  const name = useId();
  return (
    <fieldset class={`form-group ${inline ? "form-group-inline" : ""}`} data-testid={testId}>
      <legend class="form-label">{label}</legend>
      {options.map((option) => (
        <label key={option.value} class="form-check">
          <input
            type="radio"
            name={name}
            value={option.value}
            checked={option.value === value}
            disabled={option.disabled}
            onChange={() => onChange(option.value)}
          />
          <span>
            {option.label}
            {option.help && <span class="meta form-check-help">{option.help}</span>}
          </span>
        </label>
      ))}
    </fieldset>
  );
}
