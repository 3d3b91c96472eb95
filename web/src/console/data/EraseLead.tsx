import { Eraser } from "lucide-preact";
import { useContext, useState } from "preact/hooks";
import type { Desk } from "../../core/desk.js";
import { asApiError } from "../../core/error.js";
import { Dialog } from "../../ui/Dialog.js";
import { TextInput } from "../../ui/form/TextInput.js";
import { Icon } from "../../ui/Icon.js";
import { s } from "../../ui/strings.js";
import { errorText, ToastContext } from "../../ui/toasts.js";
import "../../ui/form/form.css";
import "./data.css";
import { d } from "./strings.js";

export interface EraseLeadProps {
  desk: Desk;
  leadId: string;
  /** The lead is gone. */
  onErased(): void;
}

/** Erases a lead for good, for administrators, after the word was typed. It names no value of the lead. */
export function EraseLead({ desk, leadId, onErased }: EraseLeadProps) {
  const [asking, setAsking] = useState(false);
  if (!desk.rights.administers) return null;
  return (
    <>
      <button type="button" class="btn" onClick={() => setAsking(true)} data-testid="erase">
        <Icon of={Eraser} />
        {d.erase}
      </button>
      {asking && <EraseDialog desk={desk} leadId={leadId} onErased={onErased} onClose={() => setAsking(false)} />}
    </>
  );
}

function EraseDialog({ desk, leadId, onErased, onClose }: EraseLeadProps & { onClose(): void }) {
  const toasts = useContext(ToastContext);
  const [typed, setTyped] = useState("");
  const [busy, setBusy] = useState(false);
  const [fault, setFault] = useState<string>();
  const ready = typed.trim().toLowerCase() === d.word;
  const erase = async () => {
    setBusy(true);
    try {
      await desk.call("LeadService/EraseLead", { leadId, confirm: d.word });
      toasts.show({ text: d.erased });
      onErased();
    } catch (thrown) {
      setFault(errorText(asApiError(thrown)));
      setBusy(false);
    }
  };
  return (
    <Dialog
      title={d.eraseTitle}
      onClose={onClose}
      testId="erase-dialog"
      actions={
        <>
          <button type="button" class="btn" onClick={onClose}>
            {s.cancel}
          </button>
          <button type="button" class="btn primary erase-confirm" disabled={!ready || busy} onClick={() => void erase()}>
            {busy ? d.erasing : d.eraseConfirm}
          </button>
        </>
      }
    >
      <p>{d.eraseText}</p>
      <p class="quiet">{d.eraseSuppressed}</p>
      <TextInput label={d.eraseWord} value={typed} onInput={setTyped} fault={fault} autocomplete="off" autofocus testId="erase-word" />
    </Dialog>
  );
}
