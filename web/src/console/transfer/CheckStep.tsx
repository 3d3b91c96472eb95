import { Download } from "lucide-preact";
import { useContext, useState } from "preact/hooks";
import type { Desk } from "../../core/desk.js";
import { asApiError } from "../../core/error.js";
import type { ImportJson, RowProblemJson } from "../../gen/converse/v1/transfer_pb.js";
import { Progress } from "../../ui/form/Progress.js";
import { Icon } from "../../ui/Icon.js";
import { s } from "../../ui/strings.js";
import { ToastContext } from "../../ui/toasts.js";
import { DataTable, type Column } from "../DataTable.js";
import { Counts } from "./Counts.js";
import { t } from "./strings.js";

export interface CheckStepProps {
  desk: Desk;
  current: ImportJson;
  onNext(next: ImportJson | undefined): void;
  onColumns(): void;
}

/** Checks every row, and tells what an import would do. */
export function CheckStep({ desk, current, onNext, onColumns }: CheckStepProps) {
  const toasts = useContext(ToastContext);
  const [busy, setBusy] = useState(false);
  const { total = 0, handled = 0, created = 0, updated = 0, skipped = 0, failed = 0, problems = [], resultPath = "", settings = {} } = current;
  const importId = current.id ?? "";
  const call = async (method: "LeadService/StartImport" | "LeadService/CancelImport") => {
    setBusy(true);
    try {
      onNext((await desk.call(method, { importId })).import);
    } catch (thrown) {
      toasts.fail(asApiError(thrown));
    } finally {
      setBusy(false);
    }
  };

  if (current.state === "checking") {
    return (
      <div class="transfer">
        <section class="form-section">
          <h2>{t.check.progress}</h2>
          <Progress label={t.check.progress} value={handled} most={total} text={t.check.rows(handled, total)} />
        </section>
        <div class="transfer-actions">
          <button type="button" class="btn" disabled={busy} onClick={() => void call("LeadService/CancelImport")}>
            {s.cancel}
          </button>
        </div>
      </div>
    );
  }
  const changes = created + updated;
  const listed = (settings.listId ?? "") !== "" || (settings.newList ?? "") !== "";
  return (
    <div class="transfer">
      <section class="form-section">
        <h2>{t.check.title}</h2>
        <Counts
          label={t.check.title}
          figures={[
            { count: created, label: t.check.create, tone: "accent" },
            { count: updated, label: t.check.update, tone: "accent" },
            { count: skipped, label: t.check.skip },
            { count: failed, label: t.check.fail, tone: "red" },
          ]}
        />
        {failed === 0 ? <p class="quiet">{t.check.perfect}</p> : <p class="quiet">{t.check.wrongRows(failed)}</p>}
        {resultPath !== "" && (
          <a class="btn transfer-download" href={resultPath} download data-testid="report">
            <Icon of={Download} />
            {t.check.report}
          </a>
        )}
      </section>
      {problems.length > 0 && (
        <section class="transfer-problems">
          <h2>{t.check.problems}</h2>
          {failed > problems.length && <p class="meta">{t.check.first(problems.length)}</p>}
          <DataTable label={t.check.problems} columns={columns} rows={problems} keyOf={keyOf} testId="problems" />
        </section>
      )}
      <div class="transfer-actions">
        <button type="button" class="btn" onClick={onColumns}>
          {t.check.change}
        </button>
        <button type="button" class="btn primary" disabled={busy || (changes === 0 && !listed)} data-testid="start-import" onClick={() => void call("LeadService/StartImport")}>
          {changes === 0 && listed ? t.check.addToList : t.check.start(changes)}
        </button>
      </div>
      {changes === 0 && !listed && <p class="meta transfer-end">{t.check.nothing}</p>}
    </div>
  );
}

const keyOf = (problem: RowProblemJson) => `${problem.row} ${problem.column} ${problem.text}`;

const columns: Column<RowProblemJson>[] = [
  { key: "row", label: t.check.row, class: "end tight", sort: (row) => row.row ?? 0, cell: (row) => <span class="num">{row.row}</span> },
  { key: "column", label: t.check.column, sort: (row) => row.column ?? "", cell: (row) => row.column || <span class="quiet">{t.check.whole}</span> },
  { key: "text", label: t.check.text, cell: (row) => row.text },
];
