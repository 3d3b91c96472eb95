/**
 * The ladder of a message's status, the same as internal/chat/status.go. A status
 * is a maximum, never an assignment: reports may come in any order and any number
 * of times.
 */
export type Status = "queued" | "sending" | "unsure" | "sent" | "failed" | "delivered" | "read" | "received" | "noted";

// Failed stands below delivered because proof of delivery outranks an earlier
// report of failure. Received belongs to inbound messages and noted to internal ones;
// neither is joined.
const ladder: readonly Status[] = ["queued", "sending", "unsure", "sent", "failed", "delivered", "read"];

/** The place on the ladder, 0 for queued, or -1 for a status that is not on it. */
export function rank(status: Status): number {
  return ladder.indexOf(status);
}

/** The higher of two statuses. */
export function join(a: Status, b: Status): Status {
  return rank(b) > rank(a) ? b : a;
}

/** Reads the text form; a word of a newer server counts as the lowest state. */
export function parseStatus(text: string | undefined): Status {
  if (text === "received" || text === "noted") return text;
  return ladder.find((status) => status === text) ?? "queued";
}
