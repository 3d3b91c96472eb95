import { useContext } from "preact/hooks";
import type { Desk } from "../../core/desk.js";
import { ApiError } from "../../core/error.js";
import type { LeadFieldJson } from "../../gen/converse/v1/lead_pb.js";
import { Dialog } from "../../ui/Dialog.js";
import { TextInput } from "../../ui/form/TextInput.js";
import { useForm } from "../../ui/form/useForm.js";
import { s } from "../../ui/strings.js";
import { ToastContext } from "../../ui/toasts.js";
import { words as access } from "../access/strings.js";
import { CustomInput } from "./CustomInput.js";
import { l } from "./strings.js";

interface Values {
  firstName: string;
  lastName: string;
  phone: string;
  email: string;
  stage: string;
  source: string;
  custom: Record<string, string>;
}

export interface LeadDialogProps {
  desk: Desk;
  fields: readonly LeadFieldJson[];
  onCreated(id: string): void;
  onClose(): void;
}

/** Makes a lead. What the org requires is asked for at once. */
export function LeadDialog({ desk, fields, onCreated, onClose }: LeadDialogProps) {
  const toasts = useContext(ToastContext);
  const required = fields.filter((field) => field.key && field.required && !field.archived);
  const form = useForm<Values>({
    stored: { firstName: "", lastName: "", phone: "", email: "", stage: "", source: "", custom: {} },
    onSave: async (values) => {
      const identifiers = [
        { kind: "phone", value: values.phone.trim(), label: "" },
        { kind: "email", value: values.email.trim(), label: "" },
      ].filter((identifier) => identifier.value);
      try {
        const { lead } = await desk.call("LeadService/CreateLead", {
          firstName: values.firstName,
          lastName: values.lastName,
          stage: values.stage,
          source: values.source,
          identifiers,
          custom: required.map((field) => ({ key: field.key ?? "", value: values.custom[field.key ?? ""] ?? "" })),
        });
        toasts.show({ text: l.created });
        onCreated(lead?.id ?? "");
      } catch (thrown) {
        throw atField(thrown, identifiers);
      }
    },
  });
  const { values, faults, set } = form;
  const once = (field: string) => (desk.rights.hides(field) ? access.once : undefined);
  return (
    <Dialog
      title={l.add}
      onClose={onClose}
      testId="lead-dialog"
      actions={
        <>
          {form.fault && <span class="form-fault grow">{form.fault}</span>}
          <button type="button" class="btn" onClick={onClose}>
            {s.cancel}
          </button>
          <button type="submit" form="new-lead" class="btn primary" disabled={form.busy}>
            {l.create}
          </button>
        </>
      }
    >
      <form
        id="new-lead"
        class="form"
        onSubmit={(event) => {
          event.preventDefault();
          void form.save();
        }}
      >
        <TextInput label="First name" help={once("first_name")} autofocus value={values.firstName} fault={faults["firstName"]} onInput={(firstName) => set({ firstName })} testId="new-first-name" />
        <TextInput label="Last name" help={once("last_name")} value={values.lastName} fault={faults["lastName"]} onInput={(lastName) => set({ lastName })} />
        <TextInput label="Phone" help={once("phone")} type="tel" value={values.phone} fault={faults["phone"]} onInput={(phone) => set({ phone })} testId="new-phone" />
        <TextInput label="E-mail" help={once("email")} type="email" value={values.email} fault={faults["email"]} onInput={(email) => set({ email })} />
        <TextInput label={s.lead.stage} help={once("stage")} value={values.stage} fault={faults["stage"]} onInput={(stage) => set({ stage })} />
        <TextInput label={s.lead.source} help={once("source")} value={values.source} fault={faults["source"]} onInput={(source) => set({ source })} />
        {required.map((field) => (
          <CustomInput
            key={field.key}
            field={field}
            value={values.custom[field.key ?? ""] ?? ""}
            fault={faults["custom"]}
            onChange={(value) => set({ custom: { ...values.custom, [field.key ?? ""]: value } })}
          />
        ))}
      </form>
    </Dialog>
  );
}

/** The fault of an identifier belongs to the field it was typed in. */
function atField(thrown: unknown, identifiers: readonly { kind: string }[]): unknown {
  if (!(thrown instanceof ApiError)) return thrown;
  const place = /^identifiers\[(\d+)\]/.exec(thrown.field)?.[1];
  const field = place === undefined ? "" : identifiers[Number(place)]?.kind;
  return field ? new ApiError(thrown.code, thrown.message, { field, reason: thrown.reason }) : thrown;
}
