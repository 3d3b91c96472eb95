export interface ValueFieldProps {
  label: string;
  value: string;
  placeholder?: string;
  /** Stands below where nothing is wrong. */
  help?: string;
  /** Empty: nothing is wrong. */
  fault: string;
  testId: string;
  onInput(value: string): void;
}

/** A field for one value of a template. */
export function ValueField({ label, value, placeholder, help = "", fault, testId, onInput }: ValueFieldProps) {
  return (
    <label class="form-field">
      <span class="form-label">{label}</span>
      <input
        class="field"
        value={value}
        placeholder={placeholder}
        aria-invalid={fault !== ""}
        aria-describedby={`${testId}-note`}
        data-testid={testId}
        onInput={(event) => onInput(event.currentTarget.value)}
      />
      <span id={`${testId}-note`} class={`meta ${fault ? "form-fault" : ""}`}>
        {fault || help}
      </span>
    </label>
  );
}
