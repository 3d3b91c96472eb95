import { ArrowLeft, SendHorizontal } from "lucide-preact";
import { useEffect, useRef, useState } from "preact/hooks";
import type { HeaderFile } from "../core/headerfile.js";
import type { Lead, Template } from "../core/model.js";
import type { Around } from "../core/outboxitem.js";
import { noPlace } from "../core/place.js";
import { aroundOf, faultsOf, sendable, takesFile, type Filled } from "../core/templatefill.js";
import { guessValues, pieces } from "../core/templates.js";
import { Icon } from "./Icon.js";
import { IconButton } from "./IconButton.js";
import { s } from "./strings.js";
import { TemplateAround } from "./TemplateAround.js";
import { TemplateHeader } from "./TemplateHeader.js";
import { useObjectUrl } from "./useObjectUrl.js";

export interface TemplateFormProps {
  template: Template;
  lead: Lead | undefined;
  userName: string;
  onBack(): void;
  /** Takes the file of a kind for the header. */
  headerFile(kind: string): Promise<HeaderFile>;
  onSend(values: Record<string, string>, around: Around): void;
}

/** A template as the lead will read it, with a field for each variable. */
export function TemplateForm({ template, lead, userName, onBack, headerFile, onSend }: TemplateFormProps) {
  const header = useHeaderFile(takesFile(template) ? (template.header?.kind ?? "") : "", headerFile);
  const [typed, setTyped] = useState(() => ({ values: guessValues(template, lead, userName), headerText: "", place: noPlace, buttons: {} as Record<string, string> }));
  const [tries, setTries] = useState(0);
  const tried = tries > 0;
  const form = useRef<HTMLFormElement>(null);
  // To the first field that is wrong, once it is shown so.
  useEffect(() => {
    if (tries > 0) form.current?.querySelector<HTMLElement>('[aria-invalid="true"], [data-fault]')?.focus();
  }, [tries]);
  const { values } = typed;
  const filled: Filled = { ...typed, mediaId: header?.mediaId.value ?? "" };
  const faults = faultsOf(template, filled);
  const file = header?.file.value?.state === "refused" ? undefined : header?.file.value?.file;
  const url = useObjectUrl(file);
  const headerName = /\{\{\s*([\w.-]+)\s*\}\}/.exec(template.header?.text ?? "")?.[1] ?? "";
  const firstOpen = template.variables.find(({ name }) => (values[name] ?? "") === "")?.name ?? template.variables[0]?.name;
  const [focused] = useState(firstOpen);
  const submit = (event: Event) => {
    event.preventDefault();
    if (!sendable(faults)) return setTries(tries + 1);
    onSend(values, aroundOf(template, filled));
    header?.keep();
  };
  return (
    <form ref={form} class="template-form" noValidate onSubmit={submit}>
      <div class="template-scroll scroll">
        <div class="template-title">
          <IconButton icon={ArrowLeft} label={s.back} class="template-back" onClick={onBack} />
          <span class="grow clip template-name">{template.name}</span>
          <span class="tag">{template.language}</span>
        </div>
        <div class="template-preview">
          <div class="bubble bubble-out bubble-ends" aria-label={s.templates.preview} role="group" data-testid="template-preview">
            {template.header && (
              <TemplateHeader
                {...template.header}
                values={{ [headerName]: typed.headerText }}
                file={file ? { name: file.name, url } : typed.place.name.trim() ? { name: typed.place.name, url: "" } : undefined}
              />
            )}
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
        <TemplateAround template={template} filled={filled} faults={faults} header={header} tried={tried} onChange={(change) => setTyped({ ...typed, ...change })} />
        {template.variables.map(({ name, example }) => {
          const fault = faults.values[name];
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
                onInput={(event) => setTyped({ ...typed, values: { ...values, [name]: event.currentTarget.value } })}
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

/** The file over the text, loaded with the form; empty kind: there is none. */
function useHeaderFile(kind: string, load: (kind: string) => Promise<HeaderFile>): HeaderFile | undefined {
  const [header, setHeader] = useState<HeaderFile>();
  useEffect(() => {
    if (kind === "") return undefined;
    let gone = false;
    let made: HeaderFile | undefined;
    load(kind).then(
      (file) => {
        if (!gone) setHeader((made = file));
      },
      () => undefined, // the program itself cannot be fetched: its banner says so
    );
    // A file that goes nowhere is taken back.
    return () => {
      gone = true;
      made?.remove();
    };
  }, [kind]);
  return header;
}
