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
import { Hidden } from "../access/Hidden.js";
import { words as access } from "../access/strings.js";
import { CopyButton } from "../CopyButton.js";
import type { Row } from "./leadvalues.js";
import { l } from "./strings.js";

export interface IdentifierRowsProps {
  desk: Desk;
  leadId: string;
  /** Nothing may be changed. */
  fixed: boolean;
  rows: readonly Row[];
  known: readonly IdentifierJson[];
  faults: Readonly<Record<string, string>>;
  onChange(rows: Row[]): void;
  /** The lead after an opt-out, which is stored at once. */
  onLead(lead: LeadJson): void;
}

/** A lead's numbers and addresses: added, corrected, named, put in order, taken away. */
export function IdentifierRows({ desk, leadId, fixed, rows, known, faults, onChange, onLead }: IdentifierRowsProps) {
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
              {stored?.masked ? (
                <div class="masked-field lead-identifier-masked" title={access.stays} data-testid="masked-identifier">
                  <Hidden desk={desk} leadId={leadId} field={row.kind} identifierId={row.id} value={row.value} />
                </div>
              ) : (
                <span class="lead-identifier-value">
                  <input
                    class="field num"
                    aria-label={l.value(n + 1)}
                    aria-invalid={Boolean(fault)}
                    value={row.value}
                    disabled={fixed}
                    onInput={(event) => change(n, { value: event.currentTarget.value })}
                  />
                  {stored && <CopyButton text={stored.value ?? ""} />}
                </span>
              )}
              <input
                class="field"
                aria-label={l.label(n + 1)}
                placeholder={l.labelHint}
                value={row.label}
                disabled={fixed}
                onInput={(event) => change(n, { label: event.currentTarget.value })}
              />
              {!fixed && n > 0 && <IconButton icon={ArrowUp} label={l.up} onClick={() => onChange(swapped(rows, n))} />}
              {!fixed && <IconButton icon={X} label={l.takeAway} onClick={() => onChange(rows.filter((_, other) => other !== n))} />}
            </div>
            {stored?.masked && <span class="meta">{access.stays}</span>}
            {!stored && desk.rights.hides(row.kind) && <span class="meta">{access.once}</span>}
            {fault && (
              <span class="meta form-fault" role="alert">
                {fault}
              </span>
            )}
            {stored?.stops && stored.stops.length > 0 && <span class="meta">{stored.stops.map(l.stop).join(" ")}</span>}
            {stored?.invalid && <span class="meta form-fault">{l.invalid}</span>}
            {stored && !fixed && row.kind !== "email" && (
              <button type="button" class="link" onClick={() => (leftAlone(stored) ? void optOut(row.id, false) : setAsking(row.id))}>
                {leftAlone(stored) ? l.optIn : l.optOut}
              </button>
            )}
          </div>
        );
      })}
      {!fixed && (
        <button type="button" class="btn" data-testid="add-identifier" onClick={() => onChange([...rows, { id: "", kind: "phone", value: "", label: "" }])}>
          <Icon of={Plus} />
          {l.addIdentifier}
        </button>
      )}
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

function leftAlone(identifier: IdentifierJson): boolean {
  return Boolean(identifier.optedOutAt) || (identifier.stops ?? []).length > 0;
}
