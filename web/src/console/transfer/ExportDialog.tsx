import { Download } from "lucide-preact";
import { useEffect, useState } from "preact/hooks";
import type { Desk } from "../../core/desk.js";
import { asApiError, type ApiError } from "../../core/error.js";
import type { LeadFieldJson, LeadFilterJson } from "../../gen/converse/v1/lead_pb.js";
import type { ExportJson } from "../../gen/converse/v1/transfer_pb.js";
import { Dialog } from "../../ui/Dialog.js";
import { CheckList } from "../../ui/form/CheckList.js";
import { Progress } from "../../ui/form/Progress.js";
import { Switch } from "../../ui/form/Switch.js";
import { Icon } from "../../ui/Icon.js";
import { Skeleton } from "../../ui/Skeleton.js";
import { s } from "../../ui/strings.js";
import { errorText } from "../../ui/toasts.js";
import "../../ui/form/form.css";
import { t } from "./strings.js";
import "./transfer.css";

/** Which leads go out. */
export interface ExportOf {
  /** What they are, for people: "All leads", a list's name, "12 chosen leads". */
  label: string;
  listId?: string;
  filter?: LeadFilterJson;
  leadIds?: readonly string[];
  sort?: string;
  descending?: boolean;
}

export interface ExportDialogProps {
  desk: Desk;
  of: ExportOf;
  onClose(): void;
}

/** How often the server is asked how far the file is. */
const askMs = 700;

/** Asks for the columns, writes the file, and hands it out. */
export function ExportDialog({ desk, of, onClose }: ExportDialogProps) {
  const [fields, setFields] = useState<LeadFieldJson[]>();
  const [chosen, setChosen] = useState<string[]>([]);
  const [excel, setExcel] = useState(true);
  const [current, setCurrent] = useState<ExportJson>();
  const [fault, setFault] = useState<ApiError>();

  const load = async () => {
    setFault(undefined);
    try {
      const found = (await desk.call("LeadService/ListFields", {})).fields ?? [];
      setFields(found);
      setChosen(found.map((field) => field.name ?? ""));
    } catch (thrown) {
      setFault(asApiError(thrown));
    }
  };
  useEffect(() => void load(), [desk]);

  const working = current?.state === "waiting" || current?.state === "writing";
  useEffect(() => {
    if (!working) return;
    let over = false;
    let cancel = desk.env.clock.after(askMs, () => void ask());
    const ask = async () => {
      try {
        const answer = await desk.call("LeadService/GetExport", { exportId: current?.id ?? "" });
        if (!over) setCurrent(answer.export);
      } catch {
        // The work goes on without us: ask again.
        if (!over) cancel = desk.env.clock.after(3 * askMs, () => void ask());
      }
    };
    return () => {
      over = true;
      cancel();
    };
  }, [desk, working, current]);

  const start = async () => {
    setFault(undefined);
    try {
      const answer = await desk.call("LeadService/StartExport", {
        // In the order of the screen, whatever the order of choosing.
        fields: (fields ?? []).map((field) => field.name ?? "").filter((name) => chosen.includes(name)),
        forExcel: excel,
        ...(of.listId ? { listId: of.listId } : {}),
        ...(of.filter ? { filter: of.filter } : {}),
        ...(of.leadIds ? { leadIds: [...of.leadIds] } : {}),
        ...(of.sort ? { sort: of.sort, descending: of.descending ?? false } : {}),
      });
      setCurrent(answer.export);
    } catch (thrown) {
      setFault(asApiError(thrown));
    }
  };
  const stop = async () => {
    try {
      setCurrent((await desk.call("LeadService/CancelExport", { exportId: current?.id ?? "" })).export);
    } catch (thrown) {
      setFault(asApiError(thrown));
    }
  };

  const total = current?.total ?? 0;
  const handled = current?.handled ?? 0;
  return (
    <Dialog
      title={t.exports.title}
      onClose={onClose}
      testId="export"
      actions={
        working ? (
          <button type="button" class="btn" onClick={() => void stop()}>
            {t.exports.stop}
          </button>
        ) : current ? (
          <>
            <button type="button" class="btn" onClick={() => setCurrent(undefined)}>
              {t.exports.again}
            </button>
            {current.filePath && (
              <a class="btn primary" href={current.filePath} download data-testid="export-file">
                <Icon of={Download} />
                {t.exports.download}
              </a>
            )}
          </>
        ) : (
          <>
            <button type="button" class="btn" onClick={onClose}>
              {s.cancel}
            </button>
            <button type="button" class="btn primary" disabled={chosen.length === 0 || !fields} data-testid="start-export" onClick={() => void start()}>
              {t.exports.start}
            </button>
          </>
        )
      }
    >
      <div class="transfer">
        <p>
          <span class="quiet">{t.exports.what}: </span>
          {of.label}
        </p>
        {working ? (
          <Progress label={t.exports.writing} most={total} {...(total > 0 ? { value: handled } : {})} text={t.exports.progress(handled, total)} />
        ) : current ? (
          <div role="status">
            {current.state === "done" ? (
              <>
                <p>{t.exports.done(handled)}</p>
                <p class="meta">{t.exports.doneHelp}</p>
              </>
            ) : current.state === "cancelled" ? (
              <p>{t.exports.cancelled}</p>
            ) : (
              <p class="form-fault">{current.failure || t.exports.failed}</p>
            )}
          </div>
        ) : fields ? (
          <>
            <CheckList
              label={t.exports.columns}
              options={fields.map((field) => ({ value: field.name ?? "", label: field.label ?? "" }))}
              value={chosen}
              onChange={setChosen}
              testId="export-columns"
            />
            {fields.some((field) => field.masked) && <p class="meta">{t.exports.hidden}</p>}
            {chosen.length === 0 && <p class="form-fault">{t.exports.none}</p>}
            <Switch label={t.exports.excel} help={t.exports.excelHelp} value={excel} onChange={setExcel} />
          </>
        ) : (
          !fault && <Skeleton shape="rows" />
        )}
        {fault && (
          <p class="form-fault" role="alert">
            {errorText(fault)}{" "}
            {!fields && (
              <button type="button" class="link" onClick={() => void load()}>
                {s.tryAgain}
              </button>
            )}
          </p>
        )}
      </div>
    </Dialog>
  );
}
