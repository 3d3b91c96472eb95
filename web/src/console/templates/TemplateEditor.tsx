import { Send, Trash2 } from "lucide-preact";
import { useContext, useState } from "preact/hooks";
import type { Desk } from "../../core/desk.js";
import { asApiError } from "../../core/error.js";
import type { ConnectorJson, ProviderJson } from "../../gen/converse/v1/connector_pb.js";
import type { TemplateJson } from "../../gen/converse/v1/template_pb.js";
import { Confirm } from "../../ui/Confirm.js";
import { Select } from "../../ui/form/Select.js";
import { TextInput } from "../../ui/form/TextInput.js";
import { useForm } from "../../ui/form/useForm.js";
import { Icon } from "../../ui/Icon.js";
import { ToastContext } from "../../ui/toasts.js";
import { go, paths } from "../router.js";
import { draftOf, valuesOf, variablesOf, type HeaderValues, type TemplateValues } from "./draft.js";
import { HeaderFields } from "./HeaderFields.js";
import { TemplateButtons } from "./TemplateButtons.js";
import { TemplatePreview } from "./TemplatePreview.js";
import { t } from "./strings.js";
import { useExample } from "./useExample.js";

export interface TemplateEditorProps {
  desk: Desk;
  /** Undefined for a new one. */
  template: TemplateJson | undefined;
  connectors: ConnectorJson[];
  providers: ProviderJson[];
  onChange(): void;
}

/** Writes a template beside how the lead will read it. */
export function TemplateEditor({ desk, template, connectors, providers, onChange }: TemplateEditorProps) {
  const toasts = useContext(ToastContext);
  const [removing, setRemoving] = useState(false);
  const [busy, setBusy] = useState(false);
  const submitting = connectors.filter((one) => providers.find((p) => p.provider === one.provider)?.submitsTemplates);
  const channelOf = (id: string) => connectors.find((one) => one.id === id)?.senders?.find((x) => x.channel === "whatsapp")?.channel ?? "sms";
  const id = template?.id ?? "";
  const form = useForm<TemplateValues>({
    stored: valuesOf(template, submitting[0]?.id ?? ""),
    onSave: async (values) => {
      // Where the provider has the file of a template it refused is no example for another try.
      const header = example.file && !values.header.file ? { ...values.header, example: "" } : values.header;
      const draft = draftOf({ ...values, header }, template?.channel ?? channelOf(values.connectorId));
      if (id !== "") {
        await desk.call("TemplateService/UpdateTemplate", { templateId: id, template: draft });
        example.file?.keep();
        toasts.show({ text: t.saved });
        return onChange();
      }
      const answer = await desk.call("TemplateService/CreateTemplate", { template: draft });
      example.file?.keep();
      toasts.show({ text: t.saved });
      go(paths.settings("templates", answer.template?.id ?? ""), true);
    },
  });
  const { values, faults, set } = form;
  const connector = connectors.find((one) => one.id === values.connectorId);
  const turn = (change: Partial<HeaderValues>) => set({ header: { ...values.header, ...change } });
  const example = useExample(desk, connector, values.header, turn);
  const editable = id === "" || template?.status === "draft" || template?.status === "rejected" || !template?.connectorId;
  const submit = async () => {
    setBusy(true);
    try {
      const answer = await desk.call("TemplateService/SubmitTemplate", { templateId: id });
      const refused = answer.template?.status === "rejected";
      toasts.show({ text: refused ? `${t.refused} ${answer.template?.reason ?? ""}` : t.submitted, error: refused });
      onChange();
    } catch (thrown) {
      toasts.fail(asApiError(thrown));
    } finally {
      setBusy(false);
    }
  };
  const remove = () => {
    desk.call("TemplateService/DeleteTemplate", { templateId: id }).then(
      () => {
        toasts.show({ text: t.removed });
        go(paths.settings("templates"), true);
      },
      (thrown: unknown) => toasts.fail(asApiError(thrown)),
    );
  };
  const removable = id !== "" && (template?.status === "draft" || !template?.connectorId);
  const withAccount = values.connectorId !== "";
  return (
    <div class="template-editor">
      <form
        class="form-section"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          void form.save();
        }}
      >
        {template && (
          <p>
            <span class="tag" data-testid="template-status">
              {t.states[template.status ?? ""] ?? template.status}
            </span>{" "}
            <span class="meta">{template.reason}</span>
          </p>
        )}
        {!editable && <p class="meta">{t.fixed}</p>}
        <fieldset class="template-fields" disabled={!editable}>
          <Select
            label={t.account}
            value={values.connectorId}
            fault={faults.connectorId}
            disabled={id !== ""}
            testId="template-account"
            options={[...submitting.map((one) => ({ value: one.id ?? "", label: one.name ?? "" })), { value: "", label: t.noAccount }]}
            onChange={(connectorId) => set({ connectorId, header: { ...values.header, file: undefined } })}
          />
          <TextInput label={t.name} help={t.nameHelp} required value={values.name} fault={faults.name} testId="template-name" onInput={(name) => set({ name })} />
          <TextInput label={t.language} help={t.languageHelp} required value={values.language} fault={faults.language} onInput={(language) => set({ language })} />
          <Select
            label={t.category}
            value={values.category}
            fault={faults.category}
            options={Object.entries(t.categories).map(([value, label]) => ({ value, label }))}
            onChange={(category) => set({ category })}
          />
          {withAccount && <HeaderFields header={values.header} connector={connector} file={example.file} fixed={!editable} faults={faults} onChange={turn} />}
          <TextInput label={t.body} help={t.bodyHelp} rows={5} required value={values.body} fault={faults.body} testId="template-body" onInput={(body) => set({ body })} />
          {variablesOf(values.body).map((name) => (
            <TextInput
              key={name}
              label={t.example(name)}
              value={values.examples[name] ?? ""}
              fault={faults[`examples.${name}`]}
              testId={`example-${name}`}
              onInput={(value) => set({ examples: { ...values.examples, [name]: value } })}
            />
          ))}
          <TextInput label={t.footer} optional value={values.footer} fault={faults.footer} onInput={(footer) => set({ footer })} />
          {withAccount && <TemplateButtons actions={values.actions} faults={faults} onChange={(actions) => set({ actions })} />}
        </fieldset>
        {form.fault && (
          <p class="form-fault" role="alert">
            {form.fault}
          </p>
        )}
        <div class="template-buttons">
          {editable && (
            <button type="submit" class="btn" disabled={form.busy || !form.dirty || example.uploading} data-testid="save-template">
              {withAccount ? t.save : t.saveText}
            </button>
          )}
          {id !== "" && editable && withAccount && (
            <button type="button" class="btn primary" disabled={busy || form.dirty || example.uploading} data-testid="submit-template" onClick={() => void submit()}>
              <Icon of={Send} />
              {busy ? t.submitting : template?.status === "rejected" ? t.submitAgain : t.submit}
            </button>
          )}
          {removable && (
            <button type="button" class="btn" onClick={() => setRemoving(true)}>
              <Icon of={Trash2} />
              {t.remove}
            </button>
          )}
        </div>
      </form>
      <TemplatePreview values={values} example={example.shown} />
      {removing && (
        <Confirm title={t.removeTitle(template?.name ?? "")} text={t.removeText} confirm={t.remove} onConfirm={remove} onClose={() => setRemoving(false)} />
      )}
    </div>
  );
}
