import { FileText, Image, MapPin, Video } from "lucide-preact";
import { Icon } from "../../ui/Icon.js";
import { filled, variablesOf, type TemplateValues } from "./draft.js";
import { t } from "./strings.js";
import "../../ui/Bubble.css";
import "../../ui/Templates.css";

const marks = { image: Image, video: Video, document: FileText, location: MapPin } as const;

/** A template as a lead reads it, with the examples in place. */
export function TemplatePreview({ values }: { values: TemplateValues }) {
  const { header, examples } = values;
  const mark = marks[header.kind as keyof typeof marks];
  const above = header.kind === "text" ? filled(header.text, Object.fromEntries(variablesOf(header.text).map((name) => [name, header.example]))) : "";
  return (
    <section class="template-side" aria-label={t.preview}>
      <h2 class="form-label">{t.preview}</h2>
      <div class="template-preview">
        <div class="bubble bubble-out bubble-ends" data-testid="editor-preview">
          {mark && (
            <div class="template-media">
              <Icon of={mark} size={20} />
            </div>
          )}
          {above && <strong class="template-above">{above}</strong>}
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
