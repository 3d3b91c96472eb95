export interface SegmentedProps<T extends string> {
  label: string;
  options: readonly { value: T; label: string; count?: number }[];
  value: T;
  onChange(value: T): void;
  testId?: string;
}

/** One of a few, all in sight. */
export function Segmented<T extends string>({ label, options, value, onChange, testId }: SegmentedProps<T>) {
  return (
    <div class="segmented" role="group" aria-label={label} data-testid={testId}>
      {options.map((option) => (
        <button key={option.value} type="button" aria-pressed={option.value === value} onClick={() => onChange(option.value)}>
          {option.label}
          {option.count ? <span class="segmented-count num">{option.count > 99 ? "99+" : option.count}</span> : null}
        </button>
      ))}
    </div>
  );
}
