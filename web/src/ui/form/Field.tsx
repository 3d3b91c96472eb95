import { useId } from "preact/hooks";
import type { ComponentChildren } from "preact";
import { words } from "./words.js";

/** What a control needs so that its label, help and fault belong to it. */
export interface ControlProps {
  id: string;
  "aria-describedby": string | undefined;
  "aria-invalid": boolean;
  "aria-required": boolean;
}

export interface FieldProps {
  label: string;
  /** What the field is for, in a line below it. */
  help?: ComponentChildren;
  /** What is wrong; takes the help's place and is announced. */
  fault?: string | undefined;
  required?: boolean;
  /** Says beside the label that the field may stay empty. */
  optional?: boolean;
  class?: string;
  children(control: ControlProps): ComponentChildren;
}

/** A label, a control, and the line below: help, or what is wrong. */
export function Field({ label, help, fault, required = false, optional = false, class: more = "", children }: FieldProps) {
  const id = useId();
  const note = `${id}-note`;
  return (
    <div class={`form-field ${more}`}>
      <label class="form-label" for={id}>
        {label}
        {optional && <span class="meta"> {words.optional}</span>}
      </label>
      {children({
        id,
        "aria-describedby": help || fault ? note : undefined,
        "aria-invalid": Boolean(fault),
        "aria-required": required,
      })}
      {(fault || help) && (
        <div id={note} class={`meta ${fault ? "form-fault" : ""}`} role={fault ? "alert" : undefined}>
          {fault || help}
        </div>
      )}
    </div>
  );
}
