import { countSegments, foreignCharacters } from "../core/segments.js";
import { s } from "./strings.js";

/** How much of an SMS is used, and in how many parts it goes. */
export function SegmentCounter({ text }: { text: string }) {
  const { units, capacity, parts, encoding } = countSegments(text);
  if (units === 0) return null;
  const foreign = encoding === "ucs2" ? foreignCharacters(text).slice(0, 3).join(" ") : "";
  return (
    <span class="counter num meta" data-testid="segments" title={foreign ? s.composer.unicode(foreign) : undefined}>
      <span aria-hidden="true">
        {units}/{capacity}
        {parts > 1 ? ` · ${s.composer.segments(parts)}` : ""}
      </span>
      <span class="sr">{s.composer.counter(units, capacity, parts)}</span>
    </span>
  );
}
