import { Merge } from "lucide-preact";
import { useContext, useState } from "preact/hooks";
import type { Desk } from "../../core/desk.js";
import { asApiError } from "../../core/error.js";
import type { LeadJson } from "../../gen/converse/v1/types_pb.js";
import { Icon } from "../../ui/Icon.js";
import { ToastContext } from "../../ui/toasts.js";
import { MergeDialog } from "./MergeDialog.js";
import { m } from "./strings.js";

export interface MergeLeadProps {
  desk: Desk;
  lead: LeadJson;
  /** The lead whose page is to be shown now; it may be the one on screen. */
  onChanged(leadId: string): void;
}

/** Makes one of two leads, and takes them apart again. */
export function MergeLead({ desk, lead, onChanged }: MergeLeadProps) {
  const toasts = useContext(ToastContext);
  const [open, setOpen] = useState(false);
  const undo = (mergeId: string) => {
    desk.call("LeadService/UnmergeLeads", { mergeId }).then(
      () => {
        toasts.show({ text: m.undone });
        onChanged(lead.id ?? "");
      },
      (thrown: unknown) => toasts.fail(asApiError(thrown)),
    );
  };
  if (!desk.rights.mayEdit(lead.ownerId ?? "")) return null;
  return (
    <>
      <button type="button" class="btn" data-testid="merge" onClick={() => setOpen(true)}>
        <Icon of={Merge} />
        {m.open}
      </button>
      {open && (
        <MergeDialog
          desk={desk}
          lead={lead}
          onClose={() => setOpen(false)}
          onMerged={(parentId, mergeId) => {
            setOpen(false);
            toasts.show({ text: m.merged, action: { label: m.undo, run: () => undo(mergeId) } });
            onChanged(parentId);
          }}
        />
      )}
    </>
  );
}
