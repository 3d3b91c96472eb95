import type { GetTimelineResponse_StateJson } from "../gen/converse/v1/conversation_pb.js";
import { toTime } from "./frompb.js";
import { parseStatus, rank, type Status } from "./status.js";

/** One state of a message: when it came, and who reported it. */
export interface TimelineState {
  status: Status;
  at: number;
  reportedBy: string;
  detail: string;
}

/** The states in the order they came. Providers tell whole seconds: within one, the ladder knows the order better. */
export function toTimeline(json: readonly GetTimelineResponse_StateJson[]): TimelineState[] {
  const second = (state: TimelineState) => Math.floor(state.at / 1000);
  return json
    .map((state) => ({
      status: parseStatus(state.status),
      at: toTime(state.at),
      reportedBy: state.reportedBy ?? "",
      detail: state.detail ?? "",
    }))
    .sort((a, b) => second(a) - second(b) || rank(a.status) - rank(b.status));
}
