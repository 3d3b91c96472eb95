import { LockKeyhole } from "lucide-preact";
import { useContext, useState } from "preact/hooks";
import type { Desk } from "../../core/desk.js";
import { asApiError } from "../../core/error.js";
import { Dialog } from "../../ui/Dialog.js";
import { TextInput } from "../../ui/form/TextInput.js";
import { Icon } from "../../ui/Icon.js";
import { Phone } from "../../ui/Phone.js";
import { errorText, ToastContext } from "../../ui/toasts.js";
import "./Hidden.css";
import { words } from "./strings.js";

export interface HiddenProps {
  desk: Desk;
  leadId: string;
  /** The name of the hidden field. */
  field: string;
  /** Which identifier, where the field is a kind of them. */
  identifierId?: string;
  /** What the mask has left of the value. */
  value: string;
}

/** A value that is hidden from the user, and the way to see it once, with a reason. */
export function Hidden({ desk, leadId, field, identifierId = "", value }: HiddenProps) {
  const [asking, setAsking] = useState(false);
  // Kept here alone: it is gone when the lead leaves the screen.
  const [shown, setShown] = useState<string>();
  const name = words.fields[field] ?? field.replace("custom.", "");
  if (shown !== undefined) {
    return (
      <span class="hidden-value num" title={words.revealed} data-testid="revealed">
        <Phone value={shown} />
      </span>
    );
  }
  return (
    <span class="hidden-value">
      <span class="hidden-lock quiet" title={words.masked}>
        <Icon of={LockKeyhole} label={words.masked} />
      </span>
      <span class="num grow" data-testid="masked">
        <Phone value={value} />
      </span>
      {desk.rights.reveals && (
        <button type="button" class="btn hidden-reveal" aria-label={words.revealWhat(name)} onClick={() => setAsking(true)}>
          {words.reveal}
        </button>
      )}
      {asking && (
        <RevealDialog
          title={words.title(name)}
          onClose={() => setAsking(false)}
          onReason={async (reason) => {
            const answer = await desk.call("LeadService/RevealField", { leadId, field, identifierId, reason });
            setShown(answer.value ?? "");
          }}
        />
      )}
    </span>
  );
}

interface RevealDialogProps {
  title: string;
  onClose(): void;
  onReason(reason: string): Promise<void>;
}

const leastReason = 3;

function RevealDialog({ title, onClose, onReason }: RevealDialogProps) {
  const toasts = useContext(ToastContext);
  const [reason, setReason] = useState("");
  const [fault, setFault] = useState("");
  const [busy, setBusy] = useState(false);
  const submit = async (event: Event) => {
    event.preventDefault();
    if (reason.trim().length < leastReason) return setFault(words.reasonHelp);
    setBusy(true);
    try {
      await onReason(reason.trim());
    } catch (thrown) {
      const error = asApiError(thrown);
      setBusy(false);
      if (error.field === "reason") return setFault(errorText(error));
      toasts.fail(error);
    }
    onClose();
  };
  return (
    <Dialog title={title} onClose={onClose} testId="reveal">
      <form class="reveal-form" onSubmit={(event) => void submit(event)}>
        <p class="meta">{words.text}</p>
        <TextInput label={words.reason} value={reason} onInput={setReason} fault={fault} maxLength={200} required autofocus testId="reveal-reason" />
        <div class="reveal-actions">
          <button type="button" class="btn" onClick={onClose}>
            {words.cancel}
          </button>
          <button type="submit" class="btn primary" disabled={busy}>
            {words.show}
          </button>
        </div>
      </form>
    </Dialog>
  );
}
