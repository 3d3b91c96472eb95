import { ArrowUp, Plus, X } from "lucide-preact";
import { useContext, useState } from "preact/hooks";
import type { Desk } from "../../core/desk.js";
import { asApiError } from "../../core/error.js";
import type { IdentifierJson, LeadJson } from "../../gen/converse/v1/types_pb.js";
import { Confirm } from "../../ui/Confirm.js";
import { Icon } from "../../ui/Icon.js";
import { IconButton } from "../../ui/IconButton.js";
import { s } from "../../ui/strings.js";
import { ToastContext } from "../../ui/toasts.js";
import { l } from "./strings.js";

/** An identifier as it is being typed; a new one has no id. */
export interface Row {
  id: string;
  kind: string;
  value: string;
  label: string;
}

export interface IdentifierRowsProps {
  desk: Desk;
  rows: readonly Row[];
  known: readonly IdentifierJson[];
  faults: Readonly<Record<string, string>>;
  onChange(rows: Row[]): void;
  /** The lead after an opt-out, which is stored at once. */
  onLead(lead: LeadJson): void;
}

/** A lead's numbers and addresses: added, corrected, named, put in order, taken away. */
export function IdentifierRows({ desk, rows, known, faults, onChange, onLead }: IdentifierRowsProps) {
  const toasts = useContext(ToastContext);
  const [asking, setAsking] = useState("");
  const change = (n: number, part: Partial<Row>) => onChange(rows.map((row, other) => (other === n ? { ...row, ...part } : row)));
  const optOut = (identifierId: string, optedOut: boolean) =>
    desk.call("LeadService/SetOptOut", { identifierId, optedOut }).then(
      (answer) => onLead(answer.lead ?? {}),
      (thrown: unknown) => toasts.fail(asApiError(thrown)),
    );
  return (
    <fieldset class="form-group" data-testid="identifiers">
      <legend class="form-label">{l.identifiers}</legend>
      {rows.map((row, n) => {
        const stored = known.find((one) => one.id === row.id);
        const fault = faults[`identifiers.edits[${n}].value`] ?? faults[`identifiers[${n}].value`];
        return (
          <div key={row.id || `new-${n}`} class="lead-identifier">
            <div class="lead-identifier-line">
              {!row.id && (
                <select class="field" aria-label={l.kind} value={row.kind} onChange={(event) => change(n, { kind: event.currentTarget.value })}>
                  {["phone", "email", "whatsapp"].map((kind) => (
                    <option key={kind} value={kind}>
                      {s.lead.identifier(kind)}
                    </option>
                  ))}
                </select>
              )}
              <input
                class="field num"
                aria-label={l.value(n + 1)}
                aria-invalid={Boolean(fault)}
                value={row.value}
                readOnly={stored?.masked ?? false}
                onInput={(event) => change(n, { value: event.currentTarget.value })}
              />
              <input class="field" aria-label={l.label(n + 1)} placeholder={l.labelHint} value={row.label} onInput={(event) => change(n, { label: event.currentTarget.value })} />
              {n > 0 && <IconButton icon={ArrowUp} label={l.up} onClick={() => onChange(swapped(rows, n))} />}
              <IconButton icon={X} label={l.takeAway} onClick={() => onChange(rows.filter((_, other) => other !== n))} />
            </div>
            {fault && (
              <span class="meta form-fault" role="alert">
                {fault}
              </span>
            )}
            {stored?.invalid && <span class="meta form-fault">{l.invalid}</span>}
            {stored && row.kind !== "email" && (
              <button type="button" class="link" onClick={() => (stored.optedOutAt ? void optOut(row.id, false) : setAsking(row.id))}>
                {stored.optedOutAt ? l.optIn : l.optOut}
              </button>
            )}
          </div>
        );
      })}
      <button type="button" class="btn" data-testid="add-identifier" onClick={() => onChange([...rows, { id: "", kind: "phone", value: "", label: "" }])}>
        <Icon of={Plus} />
        {l.addIdentifier}
      </button>
      {asking && <Confirm title={l.optOutTitle} text={l.optOutText} confirm={l.optOut} onConfirm={() => void optOut(asking, true)} onClose={() => setAsking("")} />}
    </fieldset>
  );
}

function swapped(rows: readonly Row[], n: number): Row[] {
  const out = [...rows];
  const [moved] = out.splice(n, 1);
  if (moved) out.splice(n - 1, 0, moved);
  return out;
}
