import { useContext, useState } from "preact/hooks";
import type { Desk } from "../../core/desk.js";
import type { MemberJson } from "../../gen/converse/v1/people_pb.js";
import { Dialog } from "../../ui/Dialog.js";
import { number } from "../../ui/format.js";
import { Radio } from "../../ui/form/Radio.js";
import { Select } from "../../ui/form/Select.js";
import { useForm } from "../../ui/form/useForm.js";
import { s } from "../../ui/strings.js";
import { ToastContext } from "../../ui/toasts.js";
import { useLoad } from "../useLoad.js";
import { p } from "./strings.js";

export interface DeactivateDialogProps {
  desk: Desk;
  user: MemberJson;
  /** How many they own. */
  leads: number;
  onClose(done: boolean): void;
}

type Fate = "keep" | "give" | "share";

/** Asks what becomes of a user's leads before they go. */
export function DeactivateDialog({ desk, user, leads, onClose }: DeactivateDialogProps) {
  const toasts = useContext(ToastContext);
  const [choice] = useState(() =>
    Promise.all([desk.call("AdminService/ListUsers", {}), desk.call("AdminService/ListGroups", {})]).then(([users, groups]) => ({
      users: (users.users ?? []).filter((one) => one.state === "active" && one.id !== user.id && one.role !== "marketing_user"),
      groups: (groups.groups ?? []).filter((group) => (group.memberIds ?? []).some((id) => id !== user.id)),
    })),
  );
  const { data } = useLoad(() => choice, []);
  const name = user.name ?? "";
  const form = useForm({
    stored: { leads: "keep" as Fate, toUserId: "", toGroupId: "" },
    guarded: false,
    onSave: async (values) => {
      await desk.call("AdminService/DeactivateUser", {
        userId: user.id,
        leads: values.leads,
        toUserId: values.leads === "give" ? values.toUserId : "",
        toGroupId: values.leads === "share" ? values.toGroupId : "",
      });
      toasts.show({ text: p.leave.done(name) });
      onClose(true);
    },
  });
  const ready = form.values.leads === "keep" || (form.values.leads === "give" ? form.values.toUserId : form.values.toGroupId) !== "";
  const choose = { value: "", label: p.leave.choose };
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
          <button type="button" class="btn danger" disabled={form.busy || !ready} onClick={() => void form.save()}>
            {p.leave.submit}
          </button>
        </>
      }
    >
      <div class="form">
        <p>{p.leave.text}</p>
        {leads > 0 && (
          <Radio
            label={p.leave.leads(leads, number(leads))}
            value={form.values.leads}
            onChange={(fate) => form.set({ leads: fate })}
            options={[
              { value: "keep", label: p.leave.keep, help: p.leave.keepHelp },
              { value: "give", label: p.leave.give },
              { value: "share", label: p.leave.share, help: p.leave.shareHelp, disabled: data?.groups.length === 0 },
            ]}
          />
        )}
        {form.values.leads === "give" && (
          <Select
            label={p.leave.to}
            value={form.values.toUserId}
            fault={form.faults.toUserId}
            options={[choose, ...(data?.users ?? []).map((one) => ({ value: one.id ?? "", label: one.name ?? "" }))]}
            onChange={(toUserId) => form.set({ toUserId })}
          />
        )}
        {form.values.leads === "share" && (
          <Select
            label={p.leave.toGroup}
            value={form.values.toGroupId}
            fault={form.faults.toGroupId}
            options={[choose, ...(data?.groups ?? []).map((one) => ({ value: one.id ?? "", label: one.name ?? "" }))]}
            onChange={(toGroupId) => form.set({ toGroupId })}
          />
        )}
        {form.fault && (
          <p class="form-fault" role="alert">
            {form.fault}
          </p>
        )}
      </div>
    </Dialog>
  );
}
