import { number } from "../../ui/format.js";

export interface Figure {
  count: number;
  label: string;
  tone?: "accent" | "red" | "";
}

/** How many rows came to what. */
export function Counts({ label, figures }: { label: string; figures: readonly Figure[] }) {
  return (
    <dl class="transfer-counts" aria-label={label} data-testid="import-counts">
      {figures.map(({ count, label: name, tone = "" }) => (
        <div key={name} class={`transfer-count ${tone !== "" && count > 0 ? `transfer-${tone}` : ""}`}>
          <dt>{name}</dt>
          <dd class="num">{number(count)}</dd>
        </div>
      ))}
    </dl>
  );
}
