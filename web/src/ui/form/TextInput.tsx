import { Field, type FieldProps } from "./Field.js";

export interface TextInputProps extends Omit<FieldProps, "children"> {
  value: string;
  onInput(value: string): void;
  type?: "text" | "email" | "password" | "number" | "date" | "datetime-local" | "url" | "tel" | "search";
  /** More than one line, this many to begin with. */
  rows?: number;
  placeholder?: string;
  maxLength?: number;
  autocomplete?: string;
  /** Which keyboard a phone shows. */
  inputMode?: "numeric" | "email";
  disabled?: boolean;
  /** Takes the focus when a dialog opens. */
  autofocus?: boolean;
  testId?: string;
}

/** A field of text with its label. */
export function TextInput(props: TextInputProps) {
  const { value, onInput, type = "text", rows, placeholder, maxLength, autocomplete, inputMode, disabled, autofocus, testId, ...field } = props;
  const shared = {
    value,
    placeholder,
    maxLength,
    disabled,
    autocomplete,
    ...(inputMode ? { inputMode } : {}),
    "data-testid": testId,
    ...(autofocus ? { "data-autofocus": "" } : {}),
  };
  return (
    <Field {...field}>
      {(control) =>
        rows ? (
          <textarea {...control} {...shared} class="field form-area" rows={rows} onInput={(event) => onInput(event.currentTarget.value)} />
        ) : (
          <input {...control} {...shared} class="field" type={type} onInput={(event) => onInput(event.currentTarget.value)} />
        )
      }
    </Field>
  );
}
