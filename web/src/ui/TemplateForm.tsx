import { ArrowLeft, SendHorizontal } from "lucide-preact";
import { useState } from "preact/hooks";
import type { Attachments } from "../core/attachments.js";
import type { Lead, Template } from "../core/model.js";
import type { Around } from "../core/outboxitem.js";
import { guessValues, pieces, valueFault } from "../core/templates.js";
import { Icon } from "./Icon.js";
import { IconButton } from "./IconButton.js";
import { s } from "./strings.js";
import { AroundFields, TemplateHeader, useAround } from "./TemplateAround.js";

export interface TemplateFormProps {
  template: Template;
  lead: Lead | undefined;
  userName: string;
  onBack(): void;
  /** Takes files for the header. */
  attach(): Promise<Attachments>;
  onSend(values: Record<string, string>, around: Around): void;
}

/** A template as the lead will read it, with a field for each variable. */
export function TemplateForm({ template, lead, userName, onBack, attach, onSend }: TemplateFormProps) {
  const around = useAround(template, attach);
  const [values, setValues] = useState(() => guessValues(template, lead, userName));
  const [tried, setTried] = useState(false);
  const faults = Object.fromEntries(template.variables.map(({ name }) => [name, valueFault(values[name] ?? "")]));
  const firstOpen = template.variables.find(({ name }) => (values[name] ?? "") === "")?.name ?? template.variables[0]?.name;
  const [focused] = useState(firstOpen);
  const submit = (event: Event) => {
    event.preventDefault();
    setTried(true);
    if (Object.values(faults).every((fault) => fault === undefined) && around.ready) onSend(values, around.values());
  };
  return (
    <form class="template-form" noValidate onSubmit={submit}>
      <div class="template-scroll scroll">
        <div class="template-title">
          <IconButton icon={ArrowLeft} label={s.back} class="template-back" onClick={onBack} />
          <span class="grow clip template-name">{template.name}</span>
          <span class="tag">{template.language}</span>
        </div>
        <div class="template-preview">
          <div class="bubble bubble-out bubble-ends" aria-label={s.templates.preview} role="group" data-testid="template-preview">
            {template.header && <TemplateHeader header={template.header} value={around.headerText} />}
            <div class="bubble-text" dir="auto">
              {pieces(template.body, values).map((piece, i) =>
                piece.variable === undefined ? piece.text : <mark key={i}>{piece.text}</mark>,
              )}
            </div>
            {template.footer && <div class="template-footer">{template.footer}</div>}
          </div>
          {template.buttons.map((button) => (
            <div key={button} class="template-button">
              {button}
            </div>
          ))}
        </div>
        <AroundFields template={template} around={around} tried={tried} />
        {template.variables.map(({ name, example }) => {
          const fault = faults[name];
          // An empty field is only a fault once sending was tried.
          const told = fault && (tried || fault !== "empty") ? s.templates.fault(fault) : undefined;
          return (
            <label key={name} class="form-field">
              <span class="form-label">{s.templates.variable(name)}</span>
              <input
                class="field"
                value={values[name] ?? ""}
                placeholder={example}
                aria-invalid={told !== undefined}
                aria-describedby={`variable-${name}`}
                data-testid={`variable-${name}`}
                {...(focused === name ? { "data-autofocus": "" } : {})}
                onInput={(event) => setValues({ ...values, [name]: event.currentTarget.value })}
              />
              <span id={`variable-${name}`} class={`meta ${told ? "form-fault" : ""}`}>
                {told ?? (example ? s.templates.example(example) : "")}
              </span>
            </label>
          );
        })}
      </div>
      <div class="template-actions">
        <button
          type="submit"
          class="btn primary"
          data-testid="send-template"
          {...(template.variables.length === 0 ? { "data-autofocus": "" } : {})}
        >
          <Icon of={SendHorizontal} />
          {s.templates.send}
        </button>
      </div>
    </form>
  );
}
