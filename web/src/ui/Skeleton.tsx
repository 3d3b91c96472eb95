import { s } from "./strings.js";

export interface SkeletonProps {
  shape: "rows" | "bubbles" | "lines";
  count?: number;
}

/** Keeps the layout while something loads. Appears late enough not to blink. */
export function Skeleton({ shape, count = 6 }: SkeletonProps) {
  return (
    <div class={`skeleton skeleton-${shape}`} role="status" aria-label={s.loading}>
      {Array.from({ length: count }, (_, i) => (
        <div key={i} class="skeleton-item" aria-hidden="true">
          {shape === "rows" && <i class="skeleton-dot" />}
          <span>
            <i />
            {shape === "rows" && <i />}
          </span>
        </div>
      ))}
    </div>
  );
}
