import { ListPlus } from "lucide-preact";
import { useContext, useState } from "preact/hooks";
import { asApiError } from "../../core/error.js";
import type { LeadFieldJson } from "../../gen/converse/v1/lead_pb.js";
import { Dialog } from "../../ui/Dialog.js";
import { EmptyState } from "../../ui/EmptyState.js";
import { Select } from "../../ui/form/Select.js";
import { Switch } from "../../ui/form/Switch.js";
import { TextInput } from "../../ui/form/TextInput.js";
import { useForm } from "../../ui/form/useForm.js";
import { ToastContext } from "../../ui/toasts.js";
import { DataTable } from "../DataTable.js";
import { PageBody } from "../settings/PageBody.js";
import type { SettingsPageProps } from "../settings/pages.js";
import { useLoad } from "../useLoad.js";
import "./leads.css";
import { l } from "./strings.js";

/** The fields that an org adds to its leads. */
export function FieldsPage({ desk }: SettingsPageProps) {
  const toasts = useContext(ToastContext);
  const [editing, setEditing] = useState<LeadFieldJson>();
  const loaded = useLoad(
    () => desk.call("LeadService/ListFields", { archived: true }).then((answer) => (answer.fields ?? []).filter((field) => field.key)),
    [desk],
  );
  const archive = (field: LeadFieldJson, archived: boolean): void =>
    void desk.call("LeadService/ArchiveField", { fieldId: field.id ?? "", archived }).then(
      () => {
        loaded.reload();
        if (archived) toasts.show({ text: l.fieldArchived(field.label ?? ""), action: { label: l.undo, run: () => archive(field, false) } });
      },
      (thrown: unknown) => toasts.fail(asApiError(thrown)),
    );
  const add = (
    <button type="button" class="btn primary" data-testid="new-field" onClick={() => setEditing({})}>
      {l.newField}
    </button>
  );
  return (
    <PageBody title={l.fields} intro={l.fieldsIntro} actions={add} fault={loaded.fault} onRetry={loaded.reload} loading={!loaded.data}>
      {loaded.data?.length === 0 ? (
        <EmptyState icon={ListPlus} title={l.noFields} text={l.noFieldsHelp} />
      ) : (
        <DataTable
          label={l.fields}
          rows={loaded.data ?? []}
          keyOf={(field) => field.id ?? ""}
          testId="fields-table"
          columns={[
            {
              key: "label",
              label: l.fieldLabel,
              cell: (field) => (
                <button type="button" class="link" onClick={() => setEditing(field)}>
                  {field.label}
                </button>
              ),
            },
            { key: "key", label: l.fieldKey, class: "wide", cell: (field) => <code>{field.key}</code> },
            { key: "type", label: l.fieldType, cell: (field) => l.fieldTypes[field.type ?? ""] },
            { key: "required", label: l.fieldRequired, class: "wide", cell: (field) => (field.required ? l.yes : "") },
            {
              key: "archive",
              label: l.archive,
              silent: true,
              class: "end",
              cell: (field) => (
                <button type="button" class="btn" onClick={() => archive(field, !field.archived)}>
                  {field.archived ? l.unarchive : l.archive}
                </button>
              ),
            },
          ]}
        />
      )}
      {editing && (
        <FieldDialog
          field={editing}
          onClose={() => setEditing(undefined)}
          onSave={async (field) => {
            await desk.call("LeadService/SaveField", field);
            setEditing(undefined);
            loaded.reload();
          }}
        />
      )}
    </PageBody>
  );
}

interface FieldValues {
  label: string;
  key: string;
  type: string;
  choices: string;
  required: boolean;
}

interface FieldDialogProps {
  field: LeadFieldJson;
  onSave(field: { fieldId: string; label: string; key: string; type: string; choices: string[]; required: boolean }): Promise<void>;
  onClose(): void;
}

function FieldDialog({ field, onSave, onClose }: FieldDialogProps) {
  const isNew = !field.id;
  const form = useForm<FieldValues>({
    stored: {
      label: field.label ?? "",
      key: field.key ?? "",
      type: field.type ?? "text",
      choices: (field.choices ?? []).join("\n"),
      required: field.required ?? false,
    },
    onSave: (values) =>
      onSave({
        fieldId: field.id ?? "",
        label: values.label,
        key: values.key || keyFrom(values.label),
        type: values.type,
        required: values.required,
        choices: values.type === "choice" ? values.choices.split("\n").map((line) => line.trim()).filter(Boolean) : [],
      }),
  });
  const { values, faults, set } = form;
  return (
    <Dialog
      title={isNew ? l.newField : l.editField(field.label ?? "")}
      onClose={onClose}
      testId="field-dialog"
      actions={
        <>
          {form.fault && <span class="form-fault grow">{form.fault}</span>}
          <button type="button" class="btn primary" disabled={form.busy} onClick={() => void form.save()}>
            {l.save}
          </button>
        </>
      }
    >
      <div class="form">
        <TextInput label={l.fieldLabel} autofocus value={values.label} fault={faults["label"]} maxLength={60} onInput={(label) => set({ label })} testId="field-label" />
        {isNew && (
          <>
            <TextInput
              label={l.fieldKey}
              help={l.fieldKeyHelp}
              value={values.key || keyFrom(values.label)}
              fault={faults["key"]}
              maxLength={40}
              onInput={(key) => set({ key })}
            />
            <Select label={l.fieldType} value={values.type} options={Object.entries(l.fieldTypes).map(([value, label]) => ({ value, label }))} onChange={(type) => set({ type })} />
          </>
        )}
        {values.type === "choice" && (
          <TextInput label={l.fieldChoices} help={l.fieldChoicesHelp} rows={4} value={values.choices} fault={faults["choices"]} onInput={(choices) => set({ choices })} />
        )}
        <Switch label={l.fieldRequired} help={l.fieldRequiredHelp} value={values.required} onChange={(required) => set({ required })} />
      </div>
    </Dialog>
  );
}

/** A key from a label: what can be read stays. */
function keyFrom(label: string): string {
  return label
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "_")
    .replace(/^[^a-z]+|_+$/g, "")
    .slice(0, 40);
}
