export interface ProgressProps {
  label: string;
  /** From 0 to most; absent while nobody knows. */
  value?: number;
  most: number;
  /** Said beside the bar, such as "1,200 of 25,000 rows". */
  text?: string;
}

/** How far long work has come. */
export function Progress({ label, value, most, text }: ProgressProps) {
  const share = value === undefined || most <= 0 ? undefined : Math.min(100, (value / most) * 100);
  return (
    <div class="progress-line">
      <div
        class={`progress ${share === undefined ? "progress-unknown" : ""}`}
        role="progressbar"
        aria-label={label}
        aria-valuemin={0}
        aria-valuemax={most}
        aria-valuenow={value}
        aria-valuetext={text}
      >
        <span class="progress-bar" style={share === undefined ? undefined : { inlineSize: `${share}%` }} />
      </div>
      {text && <span class="meta num">{text}</span>}
    </div>
  );
}
