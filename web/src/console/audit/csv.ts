/** Entries as a file for spreadsheets. */
import type { AuditEntryJson } from "../../gen/converse/v1/admin_pb.js";
import { sentenceOf } from "./strings.js";

const header = ["No.", "Time (UTC)", "Who", "Who (id)", "Signed in", "Action", "In words", "Object", "Fields", "Detail", "Address"];

/** A file that Excel, LibreOffice and Google Sheets open as it is, and calculate nothing of. */
export function csvOf(entries: readonly AuditEntryJson[]): string {
  const rows = entries.map((entry) => [
    String(entry.seq ?? ""),
    entry.at ?? "",
    entry.actorName ?? "",
    entry.actorId ?? "",
    entry.via ?? "",
    entry.action ?? "",
    sentenceOf(entry),
    entry.object ?? "",
    (entry.fields ?? []).join(", "),
    entry.detail ?? "",
    entry.address ?? "",
  ]);
  // The mark in front tells Excel that it is UTF-8.
  return `\uFEFF${[header, ...rows].map((row) => row.map(cell).join(",")).join("\r\n")}\r\n`;
}

// A spreadsheet calculates what begins so, also behind spaces and control characters, and
// takes the wide forms for the plain ones.
const formula = /^[\s\p{Cc}]*[=+\-@\uFF1D\uFF0B\uFF0D\uFF20]/u;

function cell(text: string): string {
  const safe = formula.test(text) || /^[\t\r\n]/.test(text) ? `'${text}` : text;
  return `"${safe.replaceAll('"', '""')}"`;
}
