import { describe, expect, it } from "vitest";
import { Entry } from "../../src/core/entry.js";
import { toMessage } from "../../src/core/frompb.js";
import type { OutboxItem } from "../../src/core/outboxitem.js";
import { threadRows, type ThreadRow } from "../../src/ui/rows.js";

/** A message some minutes after noon of a day. */
function entry(seq: number, author: "lead" | "Mira" | "Jonas", minutes: number, day = 3): Entry {
  return new Entry(
    toMessage({
      id: `m${seq}`,
      seq,
      direction: author === "lead" ? "inbound" : "outbound",
      authorId: author === "lead" ? "" : author,
      status: author === "lead" ? "received" : "sent",
      createdAt: new Date(2026, 10, day, 12, minutes).toISOString(),
    }),
  );
}

function shape(rows: ThreadRow[]): string[] {
  return rows.map((row) => {
    if (row.kind === "entry") return `${row.entry.seq}${row.joined ? " joined" : ""}${row.ends ? " ends" : ""}`;
    return row.kind === "item" ? `item${row.joined ? " joined" : ""}` : row.kind;
  });
}

describe("threadRows", () => {
  it("begins the new part with the lead's first new message, not with the user's own", () => {
    const entries = [entry(1, "Mira", 0), entry(2, "lead", 30), entry(3, "lead", 31)];
    expect(shape(threadRows(entries, [], 1, "Mira"))).toEqual(["day", "1 ends", "new", "2", "3 joined ends"]);
  });

  it("draws no line where nothing is new", () => {
    expect(shape(threadRows([entry(1, "lead", 0)], [], 0, "Mira"))).toEqual(["day", "1 ends"]);
  });

  it("groups one author's messages within five minutes and within a day", () => {
    const entries = [entry(1, "Mira", 0), entry(2, "Mira", 4), entry(3, "Mira", 10), entry(4, "Jonas", 11), entry(5, "Jonas", 12, 4)];
    expect(shape(threadRows(entries, [], 0, "Mira"))).toEqual(["day", "1", "2 joined ends", "3 ends", "4 ends", "day", "5 ends"]);
  });

  it("puts what is on its way after what the server has", () => {
    const sent = entry(1, "Mira", 0);
    const item: OutboxItem = {
      clientId: "x", conversationId: "c", createdAt: sent.message.createdAt, content: { kind: "text", text: "next" }, viewedSeq: 1, state: "waiting",
    };
    expect(shape(threadRows([sent], [item], 0, "Mira"))).toEqual(["day", "1", "item joined"]);
  });
});
