import { useEffect, useState } from "preact/hooks";
import { asApiError } from "../core/error.js";
import { Dialog } from "../ui/Dialog.js";
import { fullTime } from "../ui/format.js";
import { Skeleton } from "../ui/Skeleton.js";
import { s } from "../ui/strings.js";
import { errorText } from "../ui/toasts.js";
import "./CallbackBody.css";
import { CopyButton } from "./CopyButton.js";
import type { Callback } from "./useCallbacks.js";
import { c } from "./strings.js";

export interface CallbackBodyProps {
  callback: Callback;
  load(): Promise<string>;
  onClose(): void;
}

/** The body of one call, as it came; JSON in lines. */
export function CallbackBody({ callback, load, onClose }: CallbackBodyProps) {
  const [body, setBody] = useState<string>();
  const [fault, setFault] = useState("");
  useEffect(() => {
    load().then(setBody, (thrown: unknown) => setFault(errorText(asApiError(thrown))));
  }, [callback.id]);
  return (
    <Dialog title={c.callbacks.body} class="dialog-large" onClose={onClose} testId="callback-body">
      <p class="callback-line quiet">
        <span class="grow">
          {s.provider(callback.provider)} · {fullTime(callback.receivedAt)}
        </span>
        {body !== undefined && <CopyButton text={body} />}
      </p>
      {callback.why && <p class="callback-why">{callback.why}</p>}
      {fault ? <p>{fault}</p> : body === undefined ? <Skeleton shape="lines" /> : <pre class="callback-body scroll" tabIndex={0}>{pretty(body)}</pre>}
    </Dialog>
  );
}

function pretty(body: string): string {
  try {
    return JSON.stringify(JSON.parse(body), null, 2);
  } catch {
    return body;
  }
}
