import { CircleAlert, FileSpreadsheet } from "lucide-preact";
import { useEffect, useState } from "preact/hooks";
import type { Desk } from "../../core/desk.js";
import { asApiError, type ApiError } from "../../core/error.js";
import { toTime } from "../../core/frompb.js";
import type { ImportJson } from "../../gen/converse/v1/transfer_pb.js";
import { EmptyState } from "../../ui/EmptyState.js";
import { fullTime, machineTime, pastTime } from "../../ui/format.js";
import { Skeleton } from "../../ui/Skeleton.js";
import { s } from "../../ui/strings.js";
import { errorText } from "../../ui/toasts.js";
import { DataTable, type Column } from "../DataTable.js";
import { go, paths } from "../router.js";
import { t } from "./strings.js";

const tones: Record<string, string> = { done: "tag-accent", checked: "tag-amber", uploaded: "tag-amber", failed: "tag-red" };

/** What was imported before, by whom, and what came of it. */
export function History({ desk }: { desk: Desk }) {
  const [rows, setRows] = useState<ImportJson[]>();
  const [cursor, setCursor] = useState("");
  const [fault, setFault] = useState<ApiError>();
  const load = async (from: string) => {
    try {
      const answer = await desk.call("LeadService/ListImports", from === "" ? {} : { cursor: from });
      setRows((before) => [...(from === "" ? [] : (before ?? [])), ...(answer.imports ?? [])]);
      setCursor(answer.nextCursor ?? "");
      setFault(undefined);
    } catch (thrown) {
      setFault(asApiError(thrown));
    }
  };
  useEffect(() => void load(""), [desk]);

  const columns: Column<ImportJson>[] = [
    {
      key: "file",
      label: t.history.file,
      cell: (row) => (
        <a class="transfer-file clip" href={paths.import(row.id ?? "")}>
          {row.fileName}
        </a>
      ),
    },
    { key: "who", label: t.history.who, class: "wide", cell: (row) => row.userName },
    {
      key: "when",
      label: t.history.when,
      class: "tight",
      cell: (row) => (
        <time class="num" dateTime={machineTime(toTime(row.createdAt))} title={fullTime(toTime(row.createdAt))}>
          {pastTime(toTime(row.createdAt), desk.now.value)}
        </time>
      ),
    },
    { key: "state", label: t.history.state, cell: (row) => <span class={`tag ${tones[row.state ?? ""] ?? ""}`}>{t.state[row.state ?? ""]}</span> },
    { key: "result", label: t.history.result, class: "wide", cell: (row) => <span class="quiet num">{outcome(row)}</span> },
  ];
  return (
    <section class="transfer-history">
      <h2>{t.history.title}</h2>
      {fault ? (
        <EmptyState icon={CircleAlert} title={t.history.failed} text={errorText(fault)}>
          <button type="button" class="btn" onClick={() => void load("")}>
            {s.tryAgain}
          </button>
        </EmptyState>
      ) : !rows ? (
        <Skeleton shape="rows" />
      ) : rows.length === 0 ? (
        <EmptyState icon={FileSpreadsheet} title={t.history.none} text={t.history.noneHelp} />
      ) : (
        <DataTable label={t.history.title} columns={columns} rows={rows} keyOf={(row) => row.id ?? ""} onOpen={(row) => go(paths.import(row.id ?? ""))} testId="imports" />
      )}
      {cursor !== "" && (
        <button type="button" class="btn content-more" onClick={() => void load(cursor)}>
          {t.history.more}
        </button>
      )}
    </section>
  );
}

function outcome({ state, created = 0, updated = 0, skipped = 0, failed = 0 }: ImportJson): string {
  return state === "uploaded" || state === "checking" || state === "checked" ? "" : t.history.outcome(created, updated, skipped + failed);
}
