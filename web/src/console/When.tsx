import { fullTime, pastTime, machineTime } from "../ui/format.js";

export interface WhenProps {
  /** A time of the protocol; absent when it never came. */
  at: string | undefined;
  now: number;
  never?: string;
}

/** A time in a table, short, with the whole of it on hover. */
export function When({ at, now, never = "–" }: WhenProps) {
  if (!at) return <span class="quiet">{never}</span>;
  const ms = Date.parse(at);
  return (
    <time dateTime={machineTime(ms)} title={fullTime(ms)}>
      {pastTime(ms, now)}
    </time>
  );
}
