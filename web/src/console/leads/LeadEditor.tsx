import { Fragment } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { Desk } from "../../core/desk.js";
import { ApiError } from "../../core/error.js";
import type { LeadView } from "../../core/leadview.js";
import type { LeadFieldJson } from "../../gen/converse/v1/lead_pb.js";
import type { LeadJson } from "../../gen/converse/v1/types_pb.js";
import { SaveBar } from "../../ui/form/SaveBar.js";
import { Select } from "../../ui/form/Select.js";
import { TextInput } from "../../ui/form/TextInput.js";
import { useForm } from "../../ui/form/useForm.js";
import "../../ui/form/form.css";
import { s } from "../../ui/strings.js";
import { MaskedField } from "../access/MaskedField.js";
import { mask, words as access } from "../access/strings.js";
import { paths } from "../router.js";
import { CustomInput } from "./CustomInput.js";
import { IdentifierRows } from "./IdentifierRows.js";
import { changes, valuesOf, type Values } from "./leadvalues.js";
import "./leads.css";
import { l } from "./strings.js";

export interface LeadEditorProps {
  desk: Desk;
  view: LeadView;
  lead: LeadJson;
  fields: readonly LeadFieldJson[];
}

/** Every field of a lead, to be changed where it stands. */
export function LeadEditor({ desk, view, lead, fields }: LeadEditorProps) {
  const [base, setBase] = useState(lead);
  const [other, setOther] = useState("");
  const form = useForm<Values>({
    stored: valuesOf(lead),
    onSave: async (values) => {
      setOther("");
      try {
        const answer = await desk.call("LeadService/UpdateLead", { leadId: view.id, version: base.version ?? 0, ...changes(base, values) });
        const saved = answer.lead ?? {};
        view.put(saved);
        setBase(saved);
        form.reset(valuesOf(saved));
        void view.load(); // a new number is a new way to write
      } catch (thrown) {
        if (thrown instanceof ApiError) setOther(thrown.leadId);
        throw thrown;
      }
    },
  });
  const newer = (lead.version ?? 0) > (base.version ?? 0);
  useEffect(() => {
    // What others change shows at once, unless something is being typed here.
    if (!newer || form.dirty) return;
    setBase(lead);
    form.reset(valuesOf(lead));
  }, [newer, lead, form.dirty]);
  const { values, faults, set } = form;
  const fixed = !desk.rights.mayEdit(lead.ownerId ?? "");
  const hidden = (label: string, field: string, value: string) => <MaskedField desk={desk} leadId={view.id} label={label} field={field} value={value} />;
  const text = (label: string, field: "firstName" | "lastName" | "stage" | "source", name: string) =>
    desk.rights.hides(name) ? (
      hidden(label, name, lead[field] ?? "")
    ) : (
      <TextInput
        label={label}
        value={values[field]}
        fault={faults[field]}
        disabled={fixed}
        onInput={(value) => set({ [field]: value })}
        maxLength={100}
        testId={`edit-${name}`}
      />
    );
  return (
    <div class="lead-form">
      {fixed && <p class="strip">{access.readOnly}</p>}
      {newer && form.dirty && <p class="strip strip-amber">{l.changedElsewhere}</p>}
      {text("First name", "firstName", "first_name")}
      {text("Last name", "lastName", "last_name")}
      {desk.rights.hides("owner") ? (
        hidden(s.lead.owner, "owner", lead.maskedFields?.includes("owner") ? mask : "")
      ) : (
        <Select
          label={s.lead.owner}
          value={values.ownerId}
          disabled={fixed}
          options={[{ value: "", label: l.nobody }, ...[...desk.colleagues.values()].map((user) => ({ value: user.id, label: user.name }))]}
          onChange={(ownerId) => set({ ownerId })}
          testId="edit-owner"
        />
      )}
      {text(s.lead.stage, "stage", "stage")}
      {text(s.lead.source, "source", "source")}
      <IdentifierRows
        desk={desk}
        leadId={view.id}
        fixed={fixed}
        rows={values.identifiers}
        known={lead.identifiers ?? []}
        faults={faults}
        onChange={(identifiers) => set({ identifiers })}
        onLead={(changed) => {
          view.put(changed);
          void view.load();
        }}
      />
      {fields
        .filter((field) => field.key && !field.archived)
        .map((field) =>
          field.masked ? (
            <Fragment key={field.key}>{hidden(field.label ?? "", field.name ?? "", values.custom[field.key ?? ""] ?? "")}</Fragment>
          ) : (
            <CustomInput
              key={field.key}
              field={field}
              value={values.custom[field.key ?? ""] ?? ""}
              fault={faultOf(faults["custom"], field)}
              disabled={fixed}
              onChange={(value) => set({ custom: { ...values.custom, [field.key ?? ""]: value } })}
            />
          ),
        )}
      {other && (
        <a class="link" href={paths.lead(other)}>
          {l.otherLead}
        </a>
      )}
      <SaveBar
        dirty={form.dirty}
        busy={form.busy}
        fault={form.fault ?? faults["version"]}
        onSave={() => void form.save()}
        onDiscard={() => {
          setBase(lead);
          form.reset(valuesOf(lead));
        }}
      />
    </div>
  );
}

/** The server names the field's label in front of what is wrong with it. */
function faultOf(fault: string | undefined, field: LeadFieldJson): string | undefined {
  return fault?.startsWith(`${field.label}: `) ? fault.slice((field.label ?? "").length + 2) : undefined;
}
