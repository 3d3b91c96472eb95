import type { Entry } from "../core/entry.js";
import type { OutboxItem } from "../core/outboxitem.js";
import { sameDay } from "./format.js";

/** What a thread is made of, from top to bottom. */
export type ThreadRow =
  | { kind: "day"; key: string; at: number }
  | { kind: "new"; key: string }
  | { kind: "entry"; key: string; entry: Entry; joined: boolean; ends: boolean }
  | { kind: "item"; key: string; item: OutboxItem; joined: boolean; ends: boolean };

type Bubble = Extract<ThreadRow, { kind: "entry" | "item" }>;

const groupMs = 5 * 60_000;

/**
 * Messages in the order of the server, then what is on its way; a day over each
 * day's first, the new line over the lead's first new one; neighbours of one author within
 * five minutes as a group.
 */
export function threadRows(entries: readonly Entry[], items: readonly OutboxItem[], newFrom: number, me: string): ThreadRow[] {
  const rows: ThreadRow[] = [];
  let before: { at: number; author: string; row: Bubble } | undefined;
  let lined = newFrom === 0;
  const add = (row: Bubble, at: number, author: string) => {
    const sameDayAsBefore = before && sameDay(before.at, at);
    if (!sameDayAsBefore) rows.push({ kind: "day", key: `day-${row.key}`, at });
    const isNew = !lined && row.kind === "entry" && row.entry.message.inbound && row.entry.seq >= newFrom;
    lined ||= isNew;
    if (isNew) rows.push({ kind: "new", key: "new" });
    const joined = before && sameDayAsBefore && !isNew && before.author === author && at - before.at < groupMs;
    if (joined && before) before.row.ends = false;
    row.joined = joined ?? false;
    rows.push(row);
    before = { at, author, row };
  };
  for (const entry of entries) {
    const { message } = entry;
    const row: Bubble = { kind: "entry", key: entry.key, entry, joined: false, ends: true };
    // What is between colleagues stands alone, whoever wrote it.
    add(row, message.createdAt, message.inbound ? "lead" : message.internal ? entry.key : message.authorId);
  }
  for (const item of items) {
    const author = item.content.kind === "note" ? item.clientId : me;
    add({ kind: "item", key: item.clientId, item, joined: false, ends: true }, item.createdAt, author);
  }
  return rows;
}
