import type { RefObject } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { TimelineState } from "../core/timeline.js";
import { fullTime, machineTime, sameDay, timeWithSeconds } from "./format.js";
import { Popover } from "./Popover.js";
import { Skeleton } from "./Skeleton.js";
import { s } from "./strings.js";
import { Ticks } from "./Ticks.js";

export interface TimelineProps {
  anchor: RefObject<HTMLElement>;
  load(): Promise<TimelineState[]>;
  /** Where what was said to the provider can be read; empty for those who may not. */
  exchange?: string;
  onClose(): void;
}

/** Each state of a message: when it came, and who reported it. */
export function Timeline({ anchor, load, exchange = "", onClose }: TimelineProps) {
  const [states, setStates] = useState<TimelineState[] | "loading" | "failed">("loading");
  useEffect(() => {
    load().then(setStates, () => setStates("failed"));
  }, []);
  return (
    <Popover anchor={anchor} label={s.timeline.title} onClose={onClose} align="end" class="timeline" testId="timeline">
      <h3 class="timeline-title">{s.timeline.title}</h3>
      {states === "loading" && <Skeleton shape="lines" count={3} />}
      {states === "failed" && <p class="quiet">{s.timeline.failed}</p>}
      {Array.isArray(states) && (
        <ol class="timeline-states">
          {states.map((state) => (
            <li key={`${state.status}-${state.at}`}>
              <Ticks status={state.status} label="" />
              <div class="grow">
                <div class="timeline-line">
                  <span class="grow">{s.timeline.state(state.status)}</span>
                  <time class="num quiet" dateTime={machineTime(state.at)} title={fullTime(state.at)}>
                    {sameDay(state.at, Date.now()) ? timeWithSeconds(state.at) : fullTime(state.at)}
                  </time>
                </div>
                <div class="meta">{s.timeline.by(s.provider(state.reportedBy), state.status)}</div>
                {state.detail && <div class="meta timeline-detail">{state.detail}</div>}
              </div>
            </li>
          ))}
        </ol>
      )}
      {exchange !== "" && (
        <a class="timeline-exchange" href={exchange} onClick={onClose}>
          {s.timeline.exchange}
        </a>
      )}
    </Popover>
  );
}
