import { CheckCircle2, CircleAlert, CircleSlash, Download, Undo2 } from "lucide-preact";
import { useContext, useState } from "preact/hooks";
import type { Desk } from "../../core/desk.js";
import { asApiError } from "../../core/error.js";
import type { ImportJson } from "../../gen/converse/v1/transfer_pb.js";
import { Confirm } from "../../ui/Confirm.js";
import { Progress } from "../../ui/form/Progress.js";
import { Icon } from "../../ui/Icon.js";
import { ToastContext } from "../../ui/toasts.js";
import { go, paths } from "../router.js";
import { Counts } from "./Counts.js";
import { t } from "./strings.js";

export interface RunStepProps {
  desk: Desk;
  current: ImportJson;
  onNext(next: ImportJson | undefined): void;
}

/** How far the import is, and then what became of it. */
export function RunStep({ desk, current, onNext }: RunStepProps) {
  const toasts = useContext(ToastContext);
  const [asking, setAsking] = useState<"" | "cancel" | "undo">("");
  const importId = current.id ?? "";
  const { state = "", total = 0, handled = 0, created = 0, updated = 0, skipped = 0, failed = 0, resultPath = "" } = current;
  const call = async (method: "LeadService/CancelImport" | "LeadService/UndoImport") => {
    try {
      onNext((await desk.call(method, { importId })).import);
    } catch (thrown) {
      toasts.fail(asApiError(thrown));
    }
  };
  const running = state === "importing" || state === "undoing";
  const figures = (
    <Counts
      label={t.result.summary}
      figures={[
        { count: created, label: t.result.created, tone: "accent" },
        { count: updated, label: t.result.updated, tone: "accent" },
        { count: skipped, label: t.result.skipped },
        { count: failed, label: t.result.failedRows, tone: "red" },
      ]}
    />
  );
  return (
    <div class="transfer">
      {running ? (
        <section class="form-section">
          <h2>{state === "undoing" ? t.result.undoing : t.run.title}</h2>
          <Progress label={t.run.progress} value={handled} most={total} text={t.check.rows(handled, total)} />
          <p class="meta">{t.run.stay}</p>
          {figures}
        </section>
      ) : (
        <section class="form-section" data-testid="import-result">
          <div role="status">
            <h2 class="transfer-outcome">
              <Icon of={icons[state] ?? CheckCircle2} size={20} />
              {titles[state]}
            </h2>
          </div>
          {current.failure && <p>{current.failure}</p>}
          {state === "undone" ? <p class="quiet">{t.result.undoneHelp(created)}</p> : figures}
          {resultPath !== "" && (
            <p class="transfer-outcome">
              <a class="btn" href={resultPath} download data-testid="result">
                <Icon of={Download} />
                {t.result.download}
              </a>
              <span class="meta">{t.result.downloadHelp}</span>
            </p>
          )}
        </section>
      )}
      <div class="transfer-actions">
        {state === "importing" && (
          <button type="button" class="btn" data-testid="cancel-import" onClick={() => setAsking("cancel")}>
            {t.run.cancel}
          </button>
        )}
        {current.canUndo && (
          <button type="button" class="btn" data-testid="undo-import" onClick={() => setAsking("undo")}>
            <Icon of={Undo2} />
            {t.result.undo}
          </button>
        )}
        {!running && (
          <>
            <button type="button" class="btn" onClick={() => go(paths.import())}>
              {t.result.another}
            </button>
            <button type="button" class="btn primary" onClick={() => go(paths.leads)}>
              {t.result.toLeads}
            </button>
          </>
        )}
      </div>
      {asking === "cancel" && (
        <Confirm title={t.run.cancelTitle} text={t.run.cancelText} confirm={t.run.cancel} onConfirm={() => void call("LeadService/CancelImport")} onClose={() => setAsking("")} />
      )}
      {asking === "undo" && (
        <Confirm title={t.result.undoTitle} text={t.result.undoText} confirm={t.result.undo} onConfirm={() => void call("LeadService/UndoImport")} onClose={() => setAsking("")} />
      )}
    </div>
  );
}

const icons: Record<string, typeof CheckCircle2> = { failed: CircleAlert, cancelled: CircleSlash, undone: Undo2 };
const titles: Record<string, string> = { done: t.result.done, cancelled: t.result.cancelled, failed: t.result.failed, undone: t.result.undone };
