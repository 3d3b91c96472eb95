import { Check, Copy } from "lucide-preact";
import { useState } from "preact/hooks";
import type { PasswordLinkJson } from "../../gen/converse/v1/people_pb.js";
import { Dialog } from "../../ui/Dialog.js";
import { fullTime } from "../../ui/format.js";
import { Field } from "../../ui/form/Field.js";
import { Icon } from "../../ui/Icon.js";
import { p } from "./strings.js";

export interface LinkDialogProps {
  title: string;
  text: string;
  link: PasswordLinkJson;
  onClose(): void;
}

/** Shows a password link, which nobody can show again. */
export function LinkDialog({ title, text, link, onClose }: LinkDialogProps) {
  const [copied, setCopied] = useState(false);
  const url = link.url ?? "";
  return (
    <Dialog
      title={title}
      onClose={onClose}
      testId="password-link"
      actions={
        <button type="button" class="btn" onClick={onClose}>
          {p.invite.done}
        </button>
      }
    >
      <div class="form">
        <p class="quiet">{text}</p>
        <Field label={p.invite.link} help={link.expiresAt ? p.invite.until(fullTime(Date.parse(link.expiresAt))) : undefined}>
          {(control) => (
            <input {...control} class="field people-link" readOnly value={url} onFocus={(event) => event.currentTarget.select()} />
          )}
        </Field>
        <button
          type="button"
          class="btn primary people-start"
          data-autofocus
          onClick={() => void navigator.clipboard?.writeText(url).then(() => setCopied(true))}
        >
          <Icon of={copied ? Check : Copy} />
          {copied ? p.invite.copied : p.invite.copy}
        </button>
      </div>
    </Dialog>
  );
}
