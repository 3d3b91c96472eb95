import { useState } from "preact/hooks";
import type { Desk } from "../../core/desk.js";
import type { MemberJson, PasswordLinkJson } from "../../gen/converse/v1/people_pb.js";
import type { GroupJson } from "../../gen/converse/v1/permission_pb.js";
import { Dialog } from "../../ui/Dialog.js";
import { TextInput } from "../../ui/form/TextInput.js";
import { useForm } from "../../ui/form/useForm.js";
import { s } from "../../ui/strings.js";
import { LinkDialog } from "./LinkDialog.js";
import { RoleAndGroups } from "./RoleAndGroups.js";
import { p } from "./strings.js";

export interface InviteDialogProps {
  desk: Desk;
  groups: readonly GroupJson[];
  onClose(invited?: MemberJson): void;
}

/** Makes a user, and shows the link to send them. */
export function InviteDialog({ desk, groups, onClose }: InviteDialogProps) {
  const [made, setMade] = useState<{ user: MemberJson; link: PasswordLinkJson }>();
  const salesOnly = !desk.rights.administers;
  const [onlyGroup] = groups.length === 1 && salesOnly ? groups : [];
  const form = useForm({
    stored: { email: "", name: "", role: "sales_user", groupIds: onlyGroup?.id ? [onlyGroup.id] : [] },
    guarded: false,
    onSave: async (values) => {
      const { user, link } = await desk.call("AdminService/InviteUser", values);
      if (user && link) setMade({ user, link });
    },
  });
  if (made) {
    const name = made.user.name ?? "";
    return <LinkDialog title={p.invite.sent} text={p.invite.linkText(name)} link={made.link} onClose={() => onClose(made.user)} />;
  }
  return (
    <Dialog
      title={p.invite.title}
      onClose={() => onClose()}
      testId="invite"
      actions={
        <>
          <button type="button" class="btn" onClick={() => onClose()}>
            {s.cancel}
          </button>
          <button type="submit" form="invite-form" class="btn primary" disabled={form.busy}>
            {p.invite.submit}
          </button>
        </>
      }
    >
      <form
        id="invite-form"
        class="form"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          void form.save();
        }}
      >
        <TextInput
          label={p.invite.email}
          help={p.invite.emailHelp}
          type="email"
          autocomplete="off"
          required
          autofocus
          value={form.values.email}
          fault={form.faults.email}
          onInput={(email) => form.set({ email })}
        />
        <TextInput
          label={p.invite.name}
          help={p.invite.nameHelp}
          autocomplete="off"
          required
          value={form.values.name}
          fault={form.faults.name}
          onInput={(name) => form.set({ name })}
        />
        <RoleAndGroups
          role={form.values.role}
          groupIds={form.values.groupIds}
          groups={groups}
          salesOnly={salesOnly}
          faults={form.faults}
          onRole={(role) => form.set({ role })}
          onGroups={(groupIds) => form.set({ groupIds })}
        />
        {form.fault && (
          <p class="form-fault" role="alert">
            {form.fault}
          </p>
        )}
      </form>
    </Dialog>
  );
}
