import { useContext } from "preact/hooks";
import type { Desk } from "../../core/desk.js";
import type { LeadFieldJson } from "../../gen/converse/v1/lead_pb.js";
import type { MergeSettingsJson } from "../../gen/converse/v1/merge_pb.js";
import { Check } from "../../ui/form/CheckList.js";
import { Radio } from "../../ui/form/Radio.js";
import { SaveBar } from "../../ui/form/SaveBar.js";
import { Select } from "../../ui/form/Select.js";
import { Switch } from "../../ui/form/Switch.js";
import { useForm } from "../../ui/form/useForm.js";
import { ToastContext } from "../../ui/toasts.js";
import { PageBody } from "../settings/PageBody.js";
import type { SettingsPageProps } from "../settings/pages.js";
import { useLoad } from "../useLoad.js";
import "./merge.css";
import { m } from "./strings.js";

/** When leads become one by themselves, and what becomes of their fields. */
export function MergeSettings({ desk }: SettingsPageProps) {
  const loaded = useLoad(
    () =>
      Promise.all([desk.call("AdminService/GetMergeSettings", {}), desk.call("LeadService/ListFields", {})]).then(([answer, list]) => ({
        settings: answer.settings ?? {},
        fields: list.fields ?? [],
      })),
    [desk],
  );
  return (
    <PageBody title={m.settings.title} intro={m.settings.intro} fault={loaded.fault} onRetry={loaded.reload} loading={!loaded.data}>
      {loaded.data && <Settings desk={desk} stored={loaded.data.settings} fields={loaded.data.fields} onSaved={loaded.reload} />}
    </PageBody>
  );
}

type Parent = "number" | "older" | "newer";
type Rule = "fill_empty" | "overwrite" | "append";

interface Values {
  automatic: boolean;
  kinds: string[];
  parent: Parent;
  rules: Record<string, Rule>;
}

function read(settings: MergeSettingsJson): Values {
  const rules: Record<string, Rule> = {};
  for (const { field = "", rule = "" } of settings.rules ?? []) rules[field] = rule as Rule;
  return { automatic: settings.automatic ?? false, kinds: settings.kinds ?? [], parent: (settings.parent || "number") as Parent, rules };
}

/** The rules with one of them chosen; filling is what happens without one. */
function chosen(rules: Record<string, Rule>, field: string, rule: Rule): Record<string, Rule> {
  const others = Object.entries(rules).filter(([name]) => name !== field);
  return Object.fromEntries(rule === "fill_empty" ? others : [...others, [field, rule]]);
}

interface SettingsProps {
  desk: Desk;
  stored: MergeSettingsJson;
  fields: readonly LeadFieldJson[];
  onSaved(): void;
}

function Settings({ desk, stored, fields, onSaved }: SettingsProps) {
  const toasts = useContext(ToastContext);
  const form = useForm<Values>({
    stored: read(stored),
    onSave: async ({ automatic, kinds, parent, rules }) => {
      const list = Object.entries(rules).map(([field, rule]) => ({ field, rule }));
      await desk.call("AdminService/SetMergeSettings", { settings: { automatic, kinds, parent, rules: list } });
      toasts.show({ text: m.settings.saved });
      onSaved();
    },
  });
  const { automatic, kinds, parent, rules } = form.values;
  const turn = (kind: string, on: boolean) => form.set({ kinds: on ? [...kinds, kind] : kinds.filter((other) => other !== kind) });
  const lines = [...m.settings.fixed, ...fields.filter((field) => field.key).map((field) => ({ name: field.name ?? "", label: field.label ?? "", text: field.type === "text" }))];
  return (
    <div class="form merge-settings">
      <Switch label={m.settings.automatic} help={m.settings.automaticHelp} value={automatic} onChange={(on) => form.set({ automatic: on })} testId="merge-automatic" />
      {automatic && (
        <>
          <fieldset class="form-group">
            <legend class="form-label">{m.settings.kinds}</legend>
            {m.settings.kindList.map((kind) => (
              <Check key={kind.value} label={kind.label} note={kind.note} value={kinds.includes(kind.value)} onChange={(on) => turn(kind.value, on)} testId={`merge-kind-${kind.value}`} />
            ))}
            {form.faults.kinds && (
              <p class="form-fault" role="alert">
                {form.faults.kinds}
              </p>
            )}
          </fieldset>
          <Radio label={m.settings.parent} value={parent} options={m.settings.parents} onChange={(value) => form.set({ parent: value })} />
          <section class="form-section" aria-label={m.settings.rules}>
            <h2>{m.settings.rules}</h2>
            <p class="quiet">{m.settings.rulesHelp}</p>
            <div class="merge-rules">
              {lines.map((line) => (
                <Select<Rule>
                  key={line.name}
                  label={line.label}
                  value={rules[line.name] ?? "fill_empty"}
                  options={m.settings.choices.filter((choice) => choice.value !== "append" || line.text)}
                  onChange={(rule) => form.set({ rules: chosen(rules, line.name, rule) })}
                  testId={`merge-rule-${line.name}`}
                />
              ))}
            </div>
          </section>
        </>
      )}
      <SaveBar dirty={form.dirty} busy={form.busy} fault={form.fault ?? form.faults.rules} onSave={() => void form.save()} onDiscard={form.discard} />
    </div>
  );
}
