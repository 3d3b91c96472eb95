import { useState } from "preact/hooks";
import { asApiError } from "../../core/error.js";
import type { RetentionJson } from "../../gen/converse/v1/forget_pb.js";
import { words } from "../../ui/form/words.js";
import { errorText } from "../../ui/toasts.js";
import { When } from "../When.js";
import { d } from "./strings.js";

export interface RetentionTableProps {
  kinds: readonly RetentionJson[];
  now: number;
  onSave(kind: string, days: number): Promise<void>;
}

/** What is kept how long: what may be chosen, and what may not. */
export function RetentionTable({ kinds, now, onSave }: RetentionTableProps) {
  return (
    <div class="table-scroll scroll" role="region" aria-label={d.retention} tabIndex={0}>
      <table class="table" data-testid="retention">
        <thead>
          <tr>
            <th scope="col">{d.kind}</th>
            <th scope="col">{d.days}</th>
            <th scope="col" class="wide">{d.lastRun}</th>
            <th scope="col" class="wide">{d.removed}</th>
          </tr>
        </thead>
        <tbody>
          {kinds.map((kind) => (
            <tr key={kind.kind}>
              <td>{d.kinds[kind.kind ?? ""] ?? kind.kind}</td>
              <td>
                <Days kind={kind} onSave={onSave} />
              </td>
              <td class="tight wide">
                <When at={kind.ranAt} now={now} never={d.neverRun} />
              </td>
              <td class="wide">{kind.ranAt ? d.removedText(kind.removed ?? 0, Number(kind.removedTotal ?? 0)) : "–"}</td>
            </tr>
          ))}
          {d.fixedKinds.map(([what, until]) => (
            <tr key={what}>
              <td>{what}</td>
              <td class="quiet">{until}</td>
              <td class="quiet wide">–</td>
              <td class="quiet wide">–</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Days({ kind, onSave }: { kind: RetentionJson; onSave: RetentionTableProps["onSave"] }) {
  const stored = String(kind.days ?? 0);
  const [value, setValue] = useState(stored);
  const [busy, setBusy] = useState(false);
  const [fault, setFault] = useState("");
  const label = d.kinds[kind.kind ?? ""] ?? "";
  const save = async () => {
    setBusy(true);
    setFault("");
    try {
      await onSave(kind.kind ?? "", Number(value));
    } catch (thrown) {
      setFault(errorText(asApiError(thrown)));
    } finally {
      setBusy(false);
    }
  };
  return (
    <form
      class="retention-days"
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
    >
      <input
        class="field num"
        type="number"
        min={kind.leastDays}
        max={kind.mostDays}
        required
        aria-label={d.daysOf(label)}
        aria-invalid={fault !== ""}
        value={value}
        onInput={(event) => {
          setValue(event.currentTarget.value);
          setFault("");
        }}
      />
      {value !== stored && (
        <button type="submit" class="btn small primary" disabled={busy}>
          {busy ? words.saving : words.save}
        </button>
      )}
      <span class={`meta ${fault ? "form-fault" : ""}`} role={fault ? "alert" : undefined}>
        {fault || `${d.bounds(kind.leastDays ?? 0, kind.mostDays ?? 0)} · ${d.useDefault(kind.defaultDays ?? 0)}`}
      </span>
    </form>
  );
}
