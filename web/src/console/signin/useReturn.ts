import { useEffect } from "preact/hooks";
import type { Session } from "../../core/session.js";
import { words } from "./strings.js";

/** Reads what a browser brings back from an organisation's provider, and takes it off the address. */
export function useReturn(session: Session, onFault: (text: string) => void): void {
  useEffect(() => {
    const brought = new URLSearchParams(location.hash.slice(1));
    const [fault, challenge] = [brought.get("sso"), brought.get("challenge")];
    if (!fault && !challenge) return;
    history.replaceState(null, "", location.pathname);
    if (challenge) session.challenged(challenge);
    else if (fault) onFault(words.sso.faults[fault] ?? words.sso.failed);
  }, []);
}
