import { Plus, Trash2 } from "lucide-preact";
import type { Template_ActionJson } from "../../gen/converse/v1/template_pb.js";
import { Select } from "../../ui/form/Select.js";
import { TextInput } from "../../ui/form/TextInput.js";
import { Icon } from "../../ui/Icon.js";
import { IconButton } from "../../ui/IconButton.js";
import { t } from "./strings.js";

/** As many as a template may have. */
const most = 10;

export interface TemplateButtonsProps {
  actions: Template_ActionJson[];
  faults: Readonly<Record<string, string>>;
  onChange(actions: Template_ActionJson[]): void;
}

/** The buttons under a template. */
export function TemplateButtons({ actions, faults, onChange }: TemplateButtonsProps) {
  const set = (at: number, change: Template_ActionJson) => onChange(actions.map((a, i) => (i === at ? { ...a, ...change } : a)));
  return (
    <fieldset class="form-group">
      <legend class="form-label">{t.buttons}</legend>
      {faults.actions && (
        <p class="form-fault" role="alert">
          {faults.actions}
        </p>
      )}
      {actions.map((action, i) => {
        const kind = action.kind ?? "quick_reply";
        const needsExample = kind === "copy_code" || (kind === "url" && (action.value ?? "").endsWith("{{1}}"));
        return (
          <div key={i} class="template-action">
            <div class="template-action-fields">
              <Select
                label={t.kind}
                value={kind}
                fault={faults[`actions[${i}].kind`]}
                options={Object.entries(t.kinds).map(([value, label]) => ({ value, label }))}
                onChange={(next) => set(i, { kind: next, value: "", example: "" })}
              />
              <TextInput label={t.text} value={action.text ?? ""} maxLength={25} fault={faults[`actions[${i}].text`]} onInput={(text) => set(i, { text })} />
              {t.value[kind] && (
                <TextInput
                  label={t.value[kind] ?? ""}
                  help={kind === "url" ? t.urlHelp : undefined}
                  value={action.value ?? ""}
                  fault={faults[`actions[${i}].value`]}
                  onInput={(value) => set(i, { value })}
                />
              )}
              {needsExample && (
                <TextInput label={t.buttonExample} value={action.example ?? ""} fault={faults[`actions[${i}].example`]} onInput={(example) => set(i, { example })} />
              )}
            </div>
            <IconButton icon={Trash2} size={16} label={`${t.dropButton} ${action.text ?? ""}`} onClick={() => onChange(actions.filter((_, other) => other !== i))} />
          </div>
        );
      })}
      {actions.length < most && (
        <button type="button" class="btn small" onClick={() => onChange([...actions, { kind: "quick_reply", text: "", value: "", example: "" }])}>
          <Icon of={Plus} />
          {t.addButton}
        </button>
      )}
    </fieldset>
  );
}
