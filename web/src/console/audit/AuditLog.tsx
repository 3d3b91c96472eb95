import { Download, ScrollText } from "lucide-preact";
import { useContext, useEffect, useMemo, useState } from "preact/hooks";
import type { Desk } from "../../core/desk.js";
import { asApiError, type ApiError } from "../../core/error.js";
import type { AuditEntryJson, ListAuditRequestJson } from "../../gen/converse/v1/admin_pb.js";
import { EmptyState } from "../../ui/EmptyState.js";
import { Icon } from "../../ui/Icon.js";
import { number } from "../../ui/format.js";
import { ToastContext } from "../../ui/toasts.js";
import { DataTable } from "../DataTable.js";
import { PageBody } from "../settings/PageBody.js";
import { When } from "../When.js";
import "./audit.css";
import { AuditCheck } from "./AuditCheck.js";
import { AuditFilters, type Narrowed } from "./AuditFilters.js";
import { csvOf } from "./csv.js";
import { a, sentenceOf } from "./strings.js";

const pageSize = 50;
const mostInFile = 10_000;

/** What was done and by whom. */
export function AuditLog({ desk }: { desk: Desk }) {
  const toasts = useContext(ToastContext);
  const [narrowed, setNarrowed] = useState<Narrowed>({ actorId: "", action: "", object: "", from: "", upto: "" });
  const [entries, setEntries] = useState<readonly AuditEntryJson[]>();
  const [next, setNext] = useState("");
  const [fault, setFault] = useState<ApiError>();
  const [busy, setBusy] = useState(false);
  const request = useMemo(() => requestOf(narrowed), [narrowed]);
  const load = (cursor: string) => {
    setFault(undefined);
    desk.call("AdminService/ListAudit", { ...request, limit: pageSize, cursor }).then(
      (answer) => {
        setEntries((before) => [...(cursor ? (before ?? []) : []), ...(answer.entries ?? [])]);
        setNext(answer.nextCursor ?? "");
      },
      (thrown: unknown) => setFault(asApiError(thrown)),
    );
  };
  useEffect(() => load(""), [desk, request]);
  const download = async () => {
    setBusy(true);
    try {
      const all: AuditEntryJson[] = [];
      let cursor = "";
      do {
        const answer = await desk.call("AdminService/ListAudit", { ...request, limit: 200, cursor });
        all.push(...(answer.entries ?? []));
        cursor = answer.nextCursor ?? "";
      } while (cursor && all.length < mostInFile);
      save(csvOf(all), "audit.csv");
      if (cursor) toasts.show({ text: a.downloadLimit(number(all.length)) });
    } catch (thrown) {
      toasts.fail(asApiError(thrown));
    } finally {
      setBusy(false);
    }
  };
  return (
    <PageBody
      title={a.title}
      intro={a.intro}
      fault={fault}
      onRetry={() => load("")}
      loading={!entries}
      actions={
        <button type="button" class="btn" disabled={busy} onClick={() => void download()}>
          <Icon of={Download} />
          {busy ? a.downloading : a.download}
        </button>
      }
    >
      <AuditCheck desk={desk} />
      <AuditFilters desk={desk} value={narrowed} onChange={setNarrowed} />
      {entries?.length === 0 ? (
        <EmptyState icon={ScrollText} title={a.none} text={a.noneHelp} />
      ) : (
        <DataTable
          label={a.title}
          testId="audit"
          rows={entries ?? []}
          keyOf={(entry) => String(entry.seq)}
          columns={[
            { key: "seq", label: a.place, class: "num tight wide", cell: (entry) => number(Number(entry.seq)) },
            { key: "at", label: a.time, class: "tight", cell: (entry) => <When at={entry.at} now={desk.now.value} /> },
            {
              key: "entry",
              label: a.entry,
              cell: (entry) => (
                <>
                  {sentenceOf(entry)}
                  <div class="narrow meta">
                    <Details entry={entry} />
                  </div>
                </>
              ),
            },
            { key: "details", label: a.details, class: "wide", cell: (entry) => <Details entry={entry} /> },
          ]}
        />
      )}
      {next && (
        <button type="button" class="btn content-more" onClick={() => load(next)}>
          {a.more}
        </button>
      )}
    </PageBody>
  );
}

function Details({ entry }: { entry: AuditEntryJson }) {
  const parts = [
    entry.fields?.length ? a.fields(entry.fields.join(", ")) : "",
    entry.detail ?? "",
    entry.address ? a.address(entry.address) : "",
  ].filter((part) => part !== "");
  return (
    <div class="audit-details">
      {parts.map((part) => (
        <span key={part}>{part}</span>
      ))}
      {entry.object && <code class="meta">{entry.object}</code>}
    </div>
  );
}

function requestOf({ actorId, action, object, from, upto }: Narrowed): ListAuditRequestJson {
  return {
    ...(actorId ? { actorId } : {}),
    ...(action ? { action } : {}),
    ...(object ? { object } : {}),
    ...(from ? { from: startOf(from, 0) } : {}),
    ...(upto ? { upto: startOf(upto, 1) } : {}),
  };
}

/** The beginning of a day of the viewer's, or of one after it. */
function startOf(day: string, later: number): string {
  const [year = 0, month = 1, date = 1] = day.split("-").map(Number);
  return new Date(year, month - 1, date + later).toISOString();
}

function save(text: string, name: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: "text/csv;charset=utf-8" }));
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 1_000);
}
