import { Ban, KeyRound, LogIn, ServerOff, X } from "lucide-preact";
import type { Session } from "../core/session.js";
import { EmptyState } from "../ui/EmptyState.js";
import { IconButton } from "../ui/IconButton.js";
import { Skeleton } from "../ui/Skeleton.js";
import { s } from "../ui/strings.js";
import type { WidgetState } from "./state.js";
import { w } from "./strings.js";

export interface GateProps {
  session: Session;
  state: WidgetState;
  /** Where the console lives. */
  origin: string;
}

/** What the pop-up shows while nobody is signed in. */
export function Gate({ session, state, origin }: GateProps) {
  return (
    <>
      <div class="pane-head">
        <h2 class="grow">{s.product}</h2>
        <IconButton icon={X} label={s.close} onClick={() => state.setOpen(false)} testId="close" />
      </div>
      <Why session={session} state={state} origin={origin} />
    </>
  );
}

function Why({ session, state, origin }: GateProps) {
  const { value: who } = session.state;
  const retry = (
    <button type="button" class="btn" onClick={() => void session.resume()}>
      {s.tryAgain}
    </button>
  );
  if (state.signIn === "missing") return <EmptyState icon={KeyRound} title={w.noToken} text={w.noTokenHelp} testId="no-token" />;
  switch (who.kind) {
    case "out":
      return state.signIn === "token" ? (
        <EmptyState icon={KeyRound} title={w.notAccepted} text={w.notAcceptedHelp} testId="not-accepted">
          {retry}
        </EmptyState>
      ) : (
        <EmptyState icon={LogIn} title={w.signIn} text={w.signInHelp} testId="signed-out">
          <a class="btn primary" href={`${origin}/login`} target="_blank" rel="noopener">
            {w.signInButton}
          </a>
        </EmptyState>
      );
    case "refused":
      return (
        <EmptyState icon={Ban} title={w.refused} text={who.message || w.refusedHelp(location.origin)} testId="refused">
          {retry}
        </EmptyState>
      );
    case "unreachable":
      return who.error.code === "token" ? (
        <EmptyState icon={KeyRound} title={w.tokenFailed} text={w.tokenFailedHelp} testId="token-failed">
          {retry}
        </EmptyState>
      ) : (
        <EmptyState icon={ServerOff} title={s.unreachable} text={s.noAnswer}>
          {retry}
        </EmptyState>
      );
    default:
      return <Skeleton shape="rows" />;
  }
}
