import { CircleAlert } from "lucide-preact";
import { useEffect, useState } from "preact/hooks";
import type { Desk } from "../../core/desk.js";
import { asApiError, type ApiError } from "../../core/error.js";
import type { LeadFieldJson, LeadListJson } from "../../gen/converse/v1/lead_pb.js";
import type { ImportColumnJson, ImportJson, ImportSettingsJson, PreviewImportResponseJson } from "../../gen/converse/v1/transfer_pb.js";
import { EmptyState } from "../../ui/EmptyState.js";
import { Radio } from "../../ui/form/Radio.js";
import { Select } from "../../ui/form/Select.js";
import { TextInput } from "../../ui/form/TextInput.js";
import { Skeleton } from "../../ui/Skeleton.js";
import { s } from "../../ui/strings.js";
import { errorText } from "../../ui/toasts.js";
import { countries } from "./countries.js";
import { Mapping } from "./Mapping.js";
import { t } from "./strings.js";

export interface ColumnsStepProps {
  desk: Desk;
  current: ImportJson;
  onChecking(next: ImportJson | undefined): void;
  onAnother(): void;
}

interface Loaded {
  preview: PreviewImportResponseJson;
  fields: LeadFieldJson[];
  lists: LeadListJson[];
}

type Rule = "ignore" | "fill" | "overwrite";

/** Says what the columns mean, and what is to happen. */
export function ColumnsStep({ desk, current, onChecking, onAnother }: ColumnsStepProps) {
  const [loaded, setLoaded] = useState<Loaded>();
  const [settings, setSettings] = useState<ImportSettingsJson>({});
  const [fault, setFault] = useState<ApiError>();
  const [busy, setBusy] = useState(false);
  const importId = current.id ?? "";
  const set = (change: Partial<ImportSettingsJson>) => setSettings((before) => ({ ...before, ...change }));

  const load = async (delimiter: string) => {
    try {
      const [preview, fields, lists] = await Promise.all([
        desk.call("LeadService/PreviewImport", { importId, delimiter }),
        desk.call("LeadService/ListFields", {}),
        desk.call("LeadService/ListLists", {}),
      ]);
      setFault(undefined);
      setLoaded({ preview, fields: fields.fields ?? [], lists: (lists.lists ?? []).filter((list) => list.kind === "static") });
      setSettings((before) => begin(before, current, preview));
    } catch (thrown) {
      setFault(asApiError(thrown));
    }
  };
  useEffect(() => void load(""), [desk, importId]);

  const check = async () => {
    setBusy(true);
    setFault(undefined);
    try {
      onChecking((await desk.call("LeadService/ValidateImport", { importId, settings: chosen(settings) })).import);
    } catch (thrown) {
      setFault(asApiError(thrown));
      setBusy(false);
    }
  };

  if (!loaded) {
    return fault ? (
      <EmptyState icon={CircleAlert} title={t.failedToLoad} text={errorText(fault)}>
        <button type="button" class="btn" onClick={() => void load("")}>
          {s.tryAgain}
        </button>
        <button type="button" class="btn" onClick={onAnother}>
          {t.columns.another}
        </button>
      </EmptyState>
    ) : (
      <Skeleton shape="rows" />
    );
  }
  const { preview, fields, lists } = loaded;
  const columns = settings.columns ?? [];
  return (
    <div class="transfer">
      <Mapping preview={preview} fields={fields} columns={columns} onChange={(next: ImportColumnJson[]) => set({ columns: next })} />
      {preview.encoding === "windows-1252" && <p class="transfer-note">{t.columns.windows}</p>}
      {(preview.brokenRows ?? 0) > 0 && <p class="transfer-note">{t.columns.broken(preview.brokenRows ?? 0)}</p>}
      <section class="form-section">
        <h2>{t.read.title}</h2>
        <div class="form-row">
          <Select
            label={t.read.delimiter}
            value={settings.delimiter ?? ""}
            options={Object.entries(t.read.delimiters).map(([value, label]) => ({ value, label }))}
            onChange={(delimiter) => void load(delimiter)}
          />
          <Select label={t.read.country} value={settings.country ?? ""} options={countries()} onChange={(country) => set({ country })} testId="import-country" />
          <Select
            label={t.read.dates}
            value={settings.monthFirst ? "month" : "day"}
            options={[
              { value: "day", label: t.read.dayFirst },
              { value: "month", label: t.read.monthFirst },
            ]}
            onChange={(order) => set({ monthFirst: order === "month" })}
          />
        </div>
      </section>
      <section class="form-section">
        <h2>{t.rule.title}</h2>
        <Radio<Rule>
          label={t.rule.label}
          value={(settings.rule || "ignore") as Rule}
          onChange={(rule) => set({ rule })}
          testId="import-rule"
          options={[
            { value: "ignore", label: t.rule.ignore, help: t.rule.ignoreHelp },
            { value: "fill", label: t.rule.fill, help: t.rule.fillHelp },
            { value: "overwrite", label: t.rule.overwrite, help: t.rule.overwriteHelp },
          ]}
        />
      </section>
      <section class="form-section">
        <h2>{t.defaults.title}</h2>
        <div class="form-row">
          <Select
            label={t.defaults.owner}
            value={settings.ownerId ?? ""}
            options={[{ value: "", label: t.defaults.nobody }, ...[...desk.colleagues.values()].map((user) => ({ value: user.id, label: user.name }))]}
            onChange={(ownerId) => set({ ownerId })}
          />
          <TextInput label={t.defaults.source} value={settings.source ?? ""} maxLength={100} onInput={(source) => set({ source })} />
          <TextInput label={t.defaults.stage} value={settings.stage ?? ""} maxLength={100} onInput={(stage) => set({ stage })} />
        </div>
        <div class="form-row">
          <Select
            label={t.defaults.list}
            value={settings.newList !== undefined ? "+" : (settings.listId ?? "")}
            options={[
              { value: "", label: t.defaults.noList },
              ...lists.map((list) => ({ value: list.id ?? "", label: list.name ?? "" })),
              { value: "+", label: t.defaults.newList },
            ]}
            onChange={(listId) => setSettings(withList(settings, listId))}
            testId="import-list"
          />
          {settings.newList !== undefined && (
            <TextInput label={t.defaults.newListName} value={settings.newList} maxLength={100} onInput={(newList) => set({ newList })} testId="new-list" />
          )}
        </div>
      </section>
      {fault && (
        <p class="form-fault" role="alert" data-testid="import-fault">
          {errorText(fault)}
        </p>
      )}
      <div class="transfer-actions">
        <button type="button" class="btn plain" onClick={onAnother}>
          {t.columns.another}
        </button>
        <button type="button" class="btn primary" disabled={busy} data-testid="check-file" onClick={() => void check()}>
          {t.columns.next}
        </button>
      </div>
    </div>
  );
}

/** What was chosen before, or what the file suggests. */
function begin(before: ImportSettingsJson, current: ImportJson, preview: PreviewImportResponseJson): ImportSettingsJson {
  const old = before.columns ? before : (current.settings ?? {});
  const { newList, ...rest } = old;
  return {
    ...rest,
    ...(newList ? { newList } : {}),
    delimiter: preview.delimiter ?? ",",
    country: old.country || (preview.country ?? ""),
    monthFirst: old.columns?.length ? (old.monthFirst ?? false) : preview.country === "US",
    columns: preview.columns ?? [],
  };
}

function withList(settings: ImportSettingsJson, choice: string): ImportSettingsJson {
  const { newList: _, listId: __, ...rest } = settings;
  if (choice === "+") return { ...rest, newList: "" };
  return { ...rest, listId: choice };
}

/** A new list that got no name is none. */
function chosen(settings: ImportSettingsJson): ImportSettingsJson {
  return { ...settings, newList: (settings.newList ?? "").trim() };
}
