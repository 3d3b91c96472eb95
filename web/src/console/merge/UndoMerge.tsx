import { useContext, useState } from "preact/hooks";
import type { Desk } from "../../core/desk.js";
import { asApiError } from "../../core/error.js";
import { ToastContext } from "../../ui/toasts.js";
import { m } from "./strings.js";

export interface UndoMergeProps {
  desk: Desk;
  mergeId: string;
  /** Why it cannot be undone; empty when it can. */
  stays: string;
  onUndone(): void;
}

/** What a lead's history offers beside a merge. */
export function UndoMerge({ desk, mergeId, stays, onUndone }: UndoMergeProps) {
  const toasts = useContext(ToastContext);
  const [busy, setBusy] = useState(false);
  if (stays) return <p class="meta">{m.cannotUndo(stays)}</p>;
  const undo = () => {
    setBusy(true);
    desk.call("LeadService/UnmergeLeads", { mergeId }).then(
      () => {
        toasts.show({ text: m.undone });
        onUndone();
      },
      (thrown: unknown) => {
        setBusy(false);
        toasts.fail(asApiError(thrown));
      },
    );
  };
  return (
    <button type="button" class="btn" disabled={busy} data-testid="undo-merge" onClick={undo}>
      {m.undoMerge}
    </button>
  );
}
