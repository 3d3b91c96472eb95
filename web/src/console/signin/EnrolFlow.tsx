import { useEffect, useState } from "preact/hooks";
import type { Call } from "../../core/api.js";
import { asApiError, type ApiError } from "../../core/error.js";
import type { BeginSecondFactorResponseJson } from "../../gen/converse/v1/signin_pb.js";
import "../../ui/form/form.css";
import { Steps } from "../../ui/form/Steps.js";
import { TextInput } from "../../ui/form/TextInput.js";
import { Skeleton } from "../../ui/Skeleton.js";
import { s } from "../../ui/strings.js";
import { errorText } from "../../ui/toasts.js";
import { CopyButton } from "../CopyButton.js";
import { RecoveryCodes } from "./RecoveryCodes.js";
import "./signin.css";
import { words } from "./strings.js";

/** Setting up a second factor: scan, confirm with a code, keep the recovery codes. */
export function EnrolFlow({ call, onDone }: { call: Call; onDone(): void }) {
  const [made, setMade] = useState<BeginSecondFactorResponseJson>();
  const [codes, setCodes] = useState<string[]>();
  const [fault, setFault] = useState<ApiError>();
  const begin = () => {
    setFault(undefined);
    call("AuthService/BeginSecondFactor", {}).then(setMade, (thrown: unknown) => setFault(asApiError(thrown)));
  };
  useEffect(begin, []);
  return (
    <div class="enrol" data-testid="enrol">
      <Steps label={words.enrol.stepsLabel} steps={words.enrol.steps} at={codes ? 1 : 0} />
      {codes ? (
        <RecoveryCodes codes={codes} onDone={onDone} />
      ) : made ? (
        <Scan call={call} made={made} onConfirmed={setCodes} />
      ) : fault ? (
        <p class="form-fault" role="alert">
          {errorText(fault)}{" "}
          <button type="button" class="btn small" onClick={begin}>
            {s.tryAgain}
          </button>
        </p>
      ) : (
        <Skeleton shape="rows" count={3} />
      )}
    </div>
  );
}

function Scan({ call, made, onConfirmed }: { call: Call; made: BeginSecondFactorResponseJson; onConfirmed(codes: string[]): void }) {
  const [code, setCode] = useState("");
  const [busy, setBusy] = useState(false);
  const [fault, setFault] = useState("");
  const submit = async (event: Event) => {
    event.preventDefault();
    setBusy(true);
    setFault("");
    try {
      const answer = await call("AuthService/ConfirmSecondFactor", { code });
      onConfirmed(answer.recoveryCodes ?? []);
    } catch (thrown) {
      setFault(errorText(asApiError(thrown)));
      setBusy(false);
    }
  };
  const secret = made.secret ?? "";
  return (
    <form class="form" onSubmit={(event) => void submit(event)}>
      <p>{words.enrol.scan}</p>
      <img class="enrol-picture" alt={words.enrol.picture} src={`data:image/svg+xml,${encodeURIComponent(made.picture ?? "")}`} />
      <div>
        <p class="meta">{words.enrol.typeIt}</p>
        <p class="enrol-secret">
          <code data-testid="secret">{secret.replace(/(.{4})(?=.)/g, "$1 ")}</code>
          <CopyButton text={secret} />
        </p>
        <a class="link" href={made.address}>
          {words.enrol.openHere}
        </a>
      </div>
      <TextInput
        label={words.enrol.codeLabel}
        value={code}
        onInput={setCode}
        fault={fault}
        inputMode="numeric"
        autocomplete="one-time-code"
        maxLength={16}
        required
        autofocus
      />
      <button type="submit" class="btn primary" disabled={busy || code.trim() === ""}>
        {busy ? words.enrol.confirming : words.enrol.confirm}
      </button>
    </form>
  );
}
