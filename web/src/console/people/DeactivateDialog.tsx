import { useContext } from "preact/hooks";
import type { Desk } from "../../core/desk.js";
import type { MemberJson } from "../../gen/converse/v1/people_pb.js";
import { Dialog } from "../../ui/Dialog.js";
import { useForm } from "../../ui/form/useForm.js";
import { s } from "../../ui/strings.js";
import { ToastContext } from "../../ui/toasts.js";
import { p } from "./strings.js";

export interface DeactivateDialogProps {
  desk: Desk;
  user: MemberJson;
  onClose(done: boolean): void;
}

/** Asks before a user goes. */
export function DeactivateDialog({ desk, user, onClose }: DeactivateDialogProps) {
  const toasts = useContext(ToastContext);
  const name = user.name ?? "";
  const form = useForm({
    stored: {},
    guarded: false,
    onSave: async () => {
      await desk.call("AdminService/DeactivateUser", { userId: user.id });
      toasts.show({ text: p.leave.done(name) });
      onClose(true);
    },
  });
  return (
    <Dialog
      title={p.leave.title(name)}
      onClose={() => onClose(false)}
      testId="deactivate"
      actions={
        <>
          <button type="button" class="btn" onClick={() => onClose(false)}>
            {s.cancel}
          </button>
          <button type="button" class="btn danger" disabled={form.busy} onClick={() => void form.save()}>
            {p.leave.submit}
          </button>
        </>
      }
    >
      <p>{p.leave.text}</p>
      {form.fault && (
        <p class="form-fault" role="alert">
          {form.fault}
        </p>
      )}
    </Dialog>
  );
}
