import { TemplateHeader } from "../../ui/TemplateHeader.js";
import { filled, variablesOf, type TemplateValues } from "./draft.js";
import { t } from "./strings.js";
import "../../ui/Bubble.css";
import "../../ui/Templates.css";

export interface TemplatePreviewProps {
  values: TemplateValues;
  /** The example of the header's file. */
  example: { name: string; url: string } | undefined;
}

/** A template as a lead reads it, with the examples in place. */
export function TemplatePreview({ values, example }: TemplatePreviewProps) {
  const { header, examples } = values;
  return (
    <section class="template-side" aria-label={t.preview}>
      <h2 class="form-label">{t.preview}</h2>
      <div class="template-preview">
        <div class="bubble bubble-out bubble-ends" data-testid="editor-preview">
          {header.kind !== "" && (
            <TemplateHeader
              kind={header.kind}
              text={header.text}
              values={Object.fromEntries(variablesOf(header.text).map((name) => [name, header.example]))}
              file={example}
            />
          )}
          <div class="bubble-text" dir="auto">
            {filled(values.body, examples)}
          </div>
          {values.footer && <div class="template-footer">{values.footer}</div>}
        </div>
        {values.actions.map((action, i) => (
          <div key={i} class="template-button">
            {action.text}
          </div>
        ))}
      </div>
    </section>
  );
}
