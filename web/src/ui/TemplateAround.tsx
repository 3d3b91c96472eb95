import type { HeaderFile } from "../core/headerfile.js";
import type { Template } from "../core/model.js";
import { takesFile, takesPlace, takesText, varies, type Faults, type Filled } from "../core/templatefill.js";
import type { ValueFault } from "../core/templates.js";
import { a } from "./attachWords.js";
import { HeaderFileField } from "./HeaderFileField.js";
import { PlaceFields } from "./PlaceFields.js";
import { s } from "./strings.js";
import { ValueField } from "./ValueField.js";

export interface TemplateAroundProps {
  template: Template;
  filled: Filled;
  faults: Faults;
  /** Undefined for a template without a file over its text. */
  header: HeaderFile | undefined;
  /** Sending was tried: what is empty is a fault now. */
  tried: boolean;
  onChange(change: Partial<Filled>): void;
}

/** Fields for what a template's header and buttons need. */
export function TemplateAround({ template, filled, faults, header, tried, onChange }: TemplateAroundProps) {
  const told = (fault: ValueFault | undefined) => (fault && (tried || fault !== "empty") ? s.templates.fault(fault) : "");
  const waiting = header?.file.value?.state === "uploading";
  return (
    <>
      {takesPlace(template) && (
        <PlaceFields place={filled.place} faults={faults.place ?? {}} tried={tried} onChange={(place) => onChange({ place })} />
      )}
      {takesText(template) && (
        <ValueField
          label={s.templates.header}
          value={filled.headerText}
          fault={told(faults.headerText)}
          testId="header-text"
          onInput={(headerText) => onChange({ headerText })}
        />
      )}
      {header && takesFile(template) && (
        <HeaderFileField
          label={a.above[template.header?.kind ?? ""] ?? ""}
          header={header}
          fault={tried && faults.header === "file" ? (waiting ? s.templates.waitForFile : s.templates.needsFile) : undefined}
        />
      )}
      {template.actions.map(
        (action, at) =>
          varies(action) && (
            <ValueField
              key={at}
              label={s.templates.button(action.text)}
              value={filled.buttons[at] ?? ""}
              placeholder={action.example}
              fault={told(faults.buttons[at])}
              testId={`button-${at}`}
              onInput={(value) => onChange({ buttons: { ...filled.buttons, [at]: value } })}
            />
          ),
      )}
    </>
  );
}
