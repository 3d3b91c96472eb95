import type { JSX } from "preact";
import type { Status } from "../core/status.js";
import { s } from "./strings.js";

export interface TicksProps {
  status: Status;
  /** Words for screen readers; the status by default. Empty hides the ticks beside other words. */
  label?: string;
}

const one = "M6.5 7.4l3 3.1 5.6-7";
const left = "M1.8 7.4l3 3.1 5.6-7";
const right = "M9.6 9.9l.6.6 5.6-7";

const shapes: Record<Status, JSX.Element | null> = {
  queued: (
    <>
      <circle cx="11" cy="7" r="5.3" />
      <path d="M11 4v3.1l2 1.3" />
    </>
  ),
  sending: (
    <>
      <circle cx="11" cy="7" r="5.3" />
      <path d="M11 4v3.1l2 1.3" />
    </>
  ),
  unsure: (
    <>
      <circle cx="11" cy="7" r="5.6" />
      <path d="M9.4 5.7c.1-.9.7-1.5 1.6-1.5s1.7.6 1.7 1.5c0 1.2-1.6 1.3-1.6 2.4M11.1 9.9v.1" />
    </>
  ),
  sent: <path d={one} />,
  failed: (
    <>
      <circle class="ticks-fill" cx="11" cy="7" r="6.2" />
      <path class="ticks-cut" d="M11 3.9v3.6M11 9.9v.1" />
    </>
  ),
  delivered: (
    <>
      <path d={left} />
      <path d={right} />
    </>
  ),
  // Filled, and not only coloured, so that the shape alone tells it from delivered.
  read: (
    <>
      <rect class="ticks-fill" x="0" y="0.4" width="18" height="13.2" rx="6.6" />
      <path class="ticks-cut" d="M3.4 7.3l2.4 2.5 4.5-5.6" />
      <path class="ticks-cut" d="M9.5 9.3l.5.5 4.5-5.6" />
    </>
  ),
  received: null,
  noted: null,
};

/** How far a message has come: clock, one, two, two filled; a mark when it did not. */
export function Ticks({ status, label = s.status(status) }: TicksProps) {
  const named = label === "" ? ({ "aria-hidden": true } as const) : ({ role: "img", "aria-label": label } as const);
  return (
    <svg class={`ticks ticks-${status}`} width="18" height="14" viewBox="0 0 18 14" data-status={status} {...named}>
      {shapes[status]}
    </svg>
  );
}
