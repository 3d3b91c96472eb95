import { ChevronDown } from "lucide-preact";
import { Icon } from "../Icon.js";
import { Field, type FieldProps } from "./Field.js";

export interface Option<T extends string> {
  value: T;
  label: string;
  disabled?: boolean;
}

export interface SelectProps<T extends string> extends Omit<FieldProps, "children"> {
  value: T;
  options: readonly Option<T>[];
  onChange(value: T): void;
  disabled?: boolean;
  testId?: string;
}

/** One of several, from the system's own list. */
export function Select<T extends string>({ value, options, onChange, disabled, testId, ...field }: SelectProps<T>) {
  return (
    <Field {...field}>
      {(control) => (
        <span class="form-select">
          <select
            {...control}
            class="field"
            disabled={disabled}
            value={value}
            data-testid={testId}
            onChange={(event) => onChange(event.currentTarget.value as T)}
          >
            {options.map((option) => (
              <option key={option.value} value={option.value} disabled={option.disabled}>
                {option.label}
              </option>
            ))}
          </select>
          <Icon of={ChevronDown} />
        </span>
      )}
    </Field>
  );
}
