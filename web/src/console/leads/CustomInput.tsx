import type { LeadFieldJson } from "../../gen/converse/v1/lead_pb.js";
import { Select } from "../../ui/form/Select.js";
import { TextInput } from "../../ui/form/TextInput.js";
import { l } from "./strings.js";

export interface CustomInputProps {
  field: LeadFieldJson;
  value: string;
  fault?: string | undefined;
  disabled?: boolean;
  onChange(value: string): void;
}

/** The value of a custom field, typed or chosen as its type asks. */
export function CustomInput({ field, value, fault, disabled = false, onChange }: CustomInputProps) {
  const shared = { label: field.label ?? "", fault, disabled, required: field.required ?? false, testId: `custom-${field.key}` };
  if (field.type === "boolean" || field.type === "choice") {
    const options =
      field.type === "boolean"
        ? [{ value: "true", label: l.yes }, { value: "false", label: l.no }]
        : (field.choices ?? []).map((choice) => ({ value: choice, label: choice }));
    // What was chosen once stays to be seen when it can no longer be chosen.
    const gone = value && !options.some((option) => option.value === value) ? [{ value, label: value }] : [];
    return <Select {...shared} value={value} options={[{ value: "", label: "–" }, ...options, ...gone]} onChange={onChange} />;
  }
  const type = field.type === "number" ? "number" : field.type === "date" ? "date" : "text";
  return <TextInput {...shared} type={type} value={value} onInput={onChange} />;
}
