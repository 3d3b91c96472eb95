import { useId } from "preact/hooks";
import type { ComponentChildren } from "preact";

export interface SwitchProps {
  label: string;
  help?: ComponentChildren;
  value: boolean;
  onChange(value: boolean): void;
  disabled?: boolean;
  testId?: string;
}

/** On or off. */
export function Switch({ label, help, value, onChange, disabled, testId }: SwitchProps) {
  const id = useId();
  return (
    <div class="form-switch">
      <button
        type="button"
        role="switch"
        id={id}
        class="switch"
        aria-checked={value}
        aria-labelledby={`${id}-label`}
        aria-describedby={help ? `${id}-help` : undefined}
        disabled={disabled}
        data-testid={testId}
        onClick={() => onChange(!value)}
      >
        <span class="switch-knob" />
      </button>
      <label for={id} class="form-switch-text">
        <span id={`${id}-label`} class="form-label">
          {label}
        </span>
        {help && (
          <span id={`${id}-help`} class="meta">
            {help}
          </span>
        )}
      </label>
    </div>
  );
}
