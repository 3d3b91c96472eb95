import { ShieldAlert, ShieldCheck } from "lucide-preact";
import { useContext, useState } from "preact/hooks";
import type { Desk } from "../../core/desk.js";
import { asApiError } from "../../core/error.js";
import { Icon } from "../../ui/Icon.js";
import { number } from "../../ui/format.js";
import { ToastContext } from "../../ui/toasts.js";
import { a } from "./strings.js";

interface Found {
  upto: number;
  brokenAt: number;
  problem: string;
}

/** Checks that the log is as it was written, and says how far it is. */
export function AuditCheck({ desk }: { desk: Desk }) {
  const toasts = useContext(ToastContext);
  const [busy, setBusy] = useState(false);
  const [found, setFound] = useState<Found>();
  const check = async () => {
    setBusy(true);
    setFound(undefined);
    try {
      let upto = 0;
      for (;;) {
        const answer = await desk.call("AdminService/VerifyAudit", { after: upto });
        upto = Number(answer.verifiedUpto ?? 0);
        if (!answer.more) {
          setFound({ upto, brokenAt: Number(answer.brokenAt ?? 0), problem: answer.problem ?? "" });
          break;
        }
      }
    } catch (thrown) {
      toasts.fail(asApiError(thrown));
    } finally {
      setBusy(false);
    }
  };
  const broken = found && found.brokenAt > 0;
  return (
    <div class="audit-check">
      <button type="button" class="btn" disabled={busy} onClick={() => void check()}>
        <Icon of={ShieldCheck} />
        {busy ? a.checking : a.check}
      </button>
      <p class={broken ? "form-fault" : "quiet"} role={broken ? "alert" : "status"} data-testid="audit-found">
        {found && <Icon of={broken ? ShieldAlert : ShieldCheck} />}
        {found && (broken ? a.broken(number(found.brokenAt), found.problem) : found.upto === 0 ? a.empty : a.verified(number(found.upto)))}
      </p>
    </div>
  );
}
