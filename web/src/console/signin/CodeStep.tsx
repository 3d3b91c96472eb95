import { useEffect, useRef, useState } from "preact/hooks";
import { asApiError } from "../../core/error.js";
import type { Session } from "../../core/session.js";
import "../../ui/form/form.css";
import { TextInput } from "../../ui/form/TextInput.js";
import { errorText } from "../../ui/toasts.js";
import { lockedText } from "./locked.js";
import { words } from "./strings.js";

/** The second step of signing in: a code of the phone, or a recovery code. */
export function CodeStep({ session, onOver }: { session: Session; onOver(fault: string): void }) {
  const [recovery, setRecovery] = useState(false);
  const [value, setValue] = useState("");
  const [busy, setBusy] = useState(false);
  const [fault, setFault] = useState("");
  const form = useRef<HTMLFormElement>(null);
  const focus = () => form.current?.querySelector("input")?.focus();
  useEffect(focus, [recovery]);

  const submit = async (event: Event) => {
    event.preventDefault();
    if (value.trim() === "") return focus();
    setBusy(true);
    setFault("");
    try {
      await session.verify(recovery ? { recoveryCode: value } : { code: value });
    } catch (thrown) {
      const error = asApiError(thrown);
      if (error.code === "unauthenticated") return onOver(errorText(error));
      setFault(error.retryAt ? lockedText(error.retryAt) : errorText(error));
      setValue("");
      setBusy(false);
      focus();
    }
  };
  const turn = () => {
    setRecovery(!recovery);
    setValue("");
    setFault("");
  };
  return (
    <>
      <h1 class="login-title">{recovery ? words.code.recoveryTitle : words.code.title}</h1>
      <form ref={form} class="login-form" onSubmit={(event) => void submit(event)} data-testid="code-form">
        <p class="quiet">{recovery ? words.code.recoveryIntro : words.code.intro}</p>
        <TextInput
          label={recovery ? words.code.recoveryLabel : words.code.label}
          value={value}
          onInput={setValue}
          fault={fault}
          autocomplete="one-time-code"
          maxLength={recovery ? 40 : 16}
          {...(recovery ? {} : { inputMode: "numeric" as const })}
          class="login-code"
          required
        />
        <button type="submit" class="btn primary login-submit" disabled={busy}>
          {busy ? words.code.busy : words.code.submit}
        </button>
        <button type="button" class="btn plain" onClick={turn}>
          {recovery ? words.code.useCode : words.code.useRecovery}
        </button>
        <button type="button" class="btn plain" onClick={() => onOver("")}>
          {words.code.back}
        </button>
      </form>
    </>
  );
}
