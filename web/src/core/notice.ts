import type { MarkJson } from "../gen/converse/v1/types_pb.js";
import { toMark } from "./frompb.js";
import type { Mark } from "./model.js";

/** Something that has just asked for the user's eyes. */
export interface Notice {
  kind: "mention" | "given" | "back";
  conversationId: string;
  /** Who wrote the note or gave the lead; empty for a snooze. */
  byId: string;
}

/** What is new in a mark beside the one before; nothing when it is only read, or the user's own doing. */
export function noticeOf(json: MarkJson, before: Mark): Notice | undefined {
  const mark = toMark(json);
  if (mark.version <= before.version) return undefined;
  const about = { conversationId: json.conversationId ?? "", byId: mark.byId };
  if (mark.unread && mark.why !== before.why && (mark.why === "given" || mark.why === "back")) return { kind: mark.why, ...about };
  return mark.mentionSeq > before.mentionSeq ? { kind: "mention", ...about } : undefined;
}
