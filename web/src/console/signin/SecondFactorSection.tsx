import { useContext, useState } from "preact/hooks";
import type { Call } from "../../core/api.js";
import { asApiError } from "../../core/error.js";
import { Dialog } from "../../ui/Dialog.js";
import { TextInput } from "../../ui/form/TextInput.js";
import { date } from "../../ui/format.js";
import { Skeleton } from "../../ui/Skeleton.js";
import { s } from "../../ui/strings.js";
import { errorText, ToastContext } from "../../ui/toasts.js";
import { useLoad } from "../useLoad.js";
import { EnrolFlow } from "./EnrolFlow.js";
import { lockedText } from "./locked.js";
import { RecoveryCodes } from "./RecoveryCodes.js";
import "./signin.css";
import { words } from "./strings.js";

/** The user's own second factor: what it is, and turning it on and off. */
export function SecondFactorSection({ call }: { call: Call }) {
  const toasts = useContext(ToastContext);
  const loaded = useLoad(() => call("AuthService/GetSecondFactor", {}), [call]);
  const [over, setOver] = useState<"" | "enrol" | "codes" | "off">("");
  const state = loaded.data?.secondFactor;
  const close = () => {
    setOver("");
    loaded.reload();
  };
  return (
    <section class="form-section" aria-labelledby="factor-title" data-testid="second-factor">
      <h2 id="factor-title">{words.factor.title}</h2>
      <p class="quiet">{words.factor.intro}</p>
      {loaded.fault ? (
        <p class="form-fault" role="alert">
          {errorText(loaded.fault)}
        </p>
      ) : !state ? (
        <Skeleton shape="rows" count={1} />
      ) : state.enabled ? (
        <>
          <p>
            {words.factor.on(date(Date.parse(state.since ?? "")))} {words.factor.left(state.codesLeft ?? 0)}
          </p>
          <div class="factor-actions">
            <button type="button" class="btn" onClick={() => setOver("codes")}>
              {words.factor.newCodes}
            </button>
            {!state.required && (
              <button type="button" class="btn" onClick={() => setOver("off")}>
                {words.factor.turnOff}
              </button>
            )}
          </div>
        </>
      ) : (
        <>
          <p>{state.required ? words.factor.offRequired : words.factor.off}</p>
          <div class="factor-actions">
            <button type="button" class="btn primary" onClick={() => setOver("enrol")}>
              {words.factor.setUp}
            </button>
          </div>
        </>
      )}
      {over === "enrol" && (
        <Dialog title={words.factor.setUpTitle} onClose={close}>
          <EnrolFlow call={call} onDone={close} />
        </Dialog>
      )}
      {over === "codes" && <NewCodes call={call} onClose={close} />}
      {over === "off" && (
        <Confirmed
          title={words.factor.turnOffTitle}
          text={words.factor.turnOffText}
          action={words.factor.turnOff}
          onClose={close}
          onCode={async (shown) => {
            await call("AuthService/DisableSecondFactor", shown);
            toasts.show({ text: words.factor.turnedOff });
            close();
          }}
        />
      )}
    </section>
  );
}

function NewCodes({ call, onClose }: { call: Call; onClose(): void }) {
  const [codes, setCodes] = useState<string[]>();
  if (codes) {
    return (
      <Dialog title={words.factor.newCodes} onClose={onClose}>
        <RecoveryCodes codes={codes} onDone={onClose} />
      </Dialog>
    );
  }
  return (
    <Confirmed
      title={words.factor.newCodesTitle}
      text={words.factor.newCodesText}
      action={words.factor.newCodes}
      onClose={onClose}
      onCode={async (shown) => setCodes((await call("AuthService/ReplaceRecoveryCodes", shown)).recoveryCodes ?? [])}
    />
  );
}

interface ConfirmedProps {
  title: string;
  text: string;
  action: string;
  onClose(): void;
  /** What it throws is shown at the field. */
  onCode(shown: { code?: string; recoveryCode?: string }): Promise<void>;
}

/** Does something once the user has shown a code. */
function Confirmed({ title, text, action, onClose, onCode }: ConfirmedProps) {
  const [value, setValue] = useState("");
  const [busy, setBusy] = useState(false);
  const [fault, setFault] = useState("");
  const submit = async (event: Event) => {
    event.preventDefault();
    setBusy(true);
    setFault("");
    try {
      // Recovery codes are longer than any code.
      await onCode(value.replace(/\W/g, "").length > 8 ? { recoveryCode: value } : { code: value });
    } catch (thrown) {
      const error = asApiError(thrown);
      setFault(error.retryAt ? lockedText(error.retryAt) : errorText(error));
      setBusy(false);
    }
  };
  return (
    <Dialog title={title} onClose={onClose}>
      <form class="form" onSubmit={(event) => void submit(event)}>
        <p>{text}</p>
        <TextInput
          label={words.factor.confirmCode}
          value={value}
          onInput={setValue}
          fault={fault}
          autocomplete="one-time-code"
          maxLength={40}
          required
          autofocus
        />
        <div class="dialog-actions">
          <button type="button" class="btn" onClick={onClose}>
            {s.cancel}
          </button>
          <button type="submit" class="btn primary" disabled={busy || value.trim() === ""}>
            {action}
          </button>
        </div>
      </form>
    </Dialog>
  );
}
