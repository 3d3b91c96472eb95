import type { Handset, Message, Row, Thread } from "./types";

/**
 * Lays a newer view of a phone, which has only the messages that changed, over the
 * one on screen. A view from before a reset replaces everything.
 */
export function merge(old: Handset | undefined, next: Handset): Handset {
  if (!old || next.revision < old.revision) return next;
  const before = new Map(old.threads.map((thread) => [thread.key, thread]));
  return { ...next, threads: next.threads.map((thread) => mergeThread(before.get(thread.key), thread)) };
}

function mergeThread(old: Thread | undefined, next: Thread): Thread {
  if (!old) return next;
  const messages = new Map(old.messages.map((message) => [message.id, message]));
  for (const message of next.messages) messages.set(message.id, message);
  return { ...next, messages: since([...messages.values()], next.oldest) };
}

/** Drops what the thread no longer has. */
function since(messages: Message[], oldest: string | undefined): Message[] {
  const first = messages.findIndex((message) => message.id === oldest);
  return first > 0 ? messages.slice(first) : messages;
}

/** Rows in order of use, the latest first; ties by name, so that nothing jumps. */
export function order(rows: Iterable<Row>): Row[] {
  return [...rows].sort(
    (a, b) => (b.lastAt ?? "").localeCompare(a.lastAt ?? "") || nameOf(a).localeCompare(nameOf(b)),
  );
}

export const nameOf = (row: Pick<Row, "id" | "name" | "phone">): string => row.name || pretty(row.phone) || row.id;

/** A number as people write it: +1 202 555 0123. Others are left in groups of three. */
export function pretty(phone: string | undefined): string {
  if (!phone) return "";
  const north = /^\+1(\d{3})(\d{3})(\d{4})$/.exec(phone);
  if (north) return `+1 ${north[1]} ${north[2]} ${north[3]}`;
  const india = /^\+91(\d{5})(\d{5})$/.exec(phone);
  if (india) return `+91 ${india[1]} ${india[2]}`;
  return phone;
}
