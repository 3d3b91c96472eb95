import { useContext, useState } from "preact/hooks";
import type { Desk } from "../../core/desk.js";
import { asApiError } from "../../core/error.js";
import type { MemberJson, PasswordLinkJson } from "../../gen/converse/v1/people_pb.js";
import type { GroupJson } from "../../gen/converse/v1/permission_pb.js";
import { Confirm } from "../../ui/Confirm.js";
import { fullTime, number } from "../../ui/format.js";
import { SaveBar } from "../../ui/form/SaveBar.js";
import { TextInput } from "../../ui/form/TextInput.js";
import { useForm } from "../../ui/form/useForm.js";
import { ToastContext } from "../../ui/toasts.js";
import { go, paths } from "../router.js";
import { PageBody } from "../settings/PageBody.js";
import { useLoad } from "../useLoad.js";
import { DeactivateDialog } from "./DeactivateDialog.js";
import { EffectiveAccess } from "./EffectiveAccess.js";
import { LinkDialog } from "./LinkDialog.js";
import { RoleAndGroups } from "./RoleAndGroups.js";
import { Sessions } from "./Sessions.js";
import { p } from "./strings.js";
import { State } from "./UsersPage.js";

/** One user: what they are, how they sign in, what they may do. */
export function UserPage({ desk, id }: { desk: Desk; id: string }) {
  const { data, fault, reload } = useLoad(
    () =>
      Promise.all([desk.call("AdminService/GetUser", { userId: id }), desk.call("AdminService/ListGroups", {})]).then(([user, groups]) => ({
        user: user.user ?? {},
        leads: user.ownedLeads ?? 0,
        groups: groups.groups ?? [],
      })),
    [desk, id],
  );
  const user = data?.user;
  return (
    <PageBody
      title={user?.name ?? p.users}
      back={{ label: p.user.back, to: paths.settings("users") }}
      fault={fault}
      onRetry={reload}
      loading={!data}
      actions={user && <State user={user} />}
    >
      {data && user && (
        <div class="people-page">
          <Details key={`${user.state}`} desk={desk} user={user} groups={data.groups} onSaved={reload} />
          <Joining desk={desk} user={user} leads={data.leads} onChange={reload} />
          {desk.rights.administers && <EffectiveAccess desk={desk} user={user} groups={data.groups} />}
          {desk.rights.administers && user.state === "active" && <Sessions desk={desk} userId={id} />}
        </div>
      )}
    </PageBody>
  );
}

interface DetailsProps {
  desk: Desk;
  user: MemberJson;
  groups: readonly GroupJson[];
  onSaved(): void;
}

function Details({ desk, user, groups, onSaved }: DetailsProps) {
  const toasts = useContext(ToastContext);
  const form = useForm({
    stored: { name: user.name ?? "", role: user.role ?? "", groupIds: [...(user.groupIds ?? [])] },
    onSave: async (values) => {
      await desk.call("AdminService/UpdateUser", { userId: user.id, ...values });
      toasts.show({ text: p.user.saved, namesNobody: true });
      onSaved();
    },
  });
  return (
    <>
      <section class="form-section">
        <h2>{p.user.details}</h2>
        {!user.manageable && <p class="quiet">{p.user.readOnly}</p>}
        <fieldset class="people-fields" disabled={!user.manageable}>
          <div class="form-row">
            <TextInput label={p.user.name} value={form.values.name} fault={form.faults.name} required onInput={(name) => form.set({ name })} />
            <TextInput label={p.user.email} value={user.email ?? ""} disabled onInput={() => undefined} />
          </div>
          <RoleAndGroups
            role={form.values.role}
            groupIds={form.values.groupIds}
            groups={groups}
            salesOnly={!desk.rights.administers}
            help={form.values.role === user.role ? "" : p.user.roleHelp}
            faults={form.faults}
            onRole={(role) => form.set({ role })}
            onGroups={(groupIds) => form.set({ groupIds })}
          />
        </fieldset>
      </section>
      <SaveBar dirty={form.dirty} busy={form.busy} fault={form.fault} onSave={() => void form.save()} onDiscard={form.discard} />
    </>
  );
}

interface JoiningProps {
  desk: Desk;
  user: MemberJson;
  leads: number;
  onChange(): void;
}

/** The way in and out: invitation, reset, deactivation. */
function Joining({ desk, user, leads, onChange }: JoiningProps) {
  const toasts = useContext(ToastContext);
  const [over, setOver] = useState<"" | "revoke" | "deactivate">("");
  const [link, setLink] = useState<{ title: string; text: string; link: PasswordLinkJson }>();
  const name = user.name ?? "";
  const request = { userId: user.id };
  const fail = (thrown: unknown) => toasts.fail(asApiError(thrown));
  const again = () =>
    desk.call("AdminService/ResendInvitation", request).then((answer) => {
      if (answer.link) setLink({ title: p.invite.sent, text: p.invite.linkText(name), link: answer.link });
    }, fail);
  const reset = () =>
    desk.call("AdminService/RequestPasswordReset", request).then((answer) => {
      if (answer.link) setLink({ title: p.user.reset, text: p.invite.resetText(name), link: answer.link });
    }, fail);
  const revoke = () =>
    desk.call("AdminService/RevokeInvitation", request).then(() => {
      toasts.show({ text: p.user.revoked });
      go(paths.settings("users"));
    }, fail);
  const reactivate = () =>
    desk.call("AdminService/ReactivateUser", request).then(() => {
      toasts.show({ text: p.user.reactivated });
      onChange();
    }, fail);
  if (!user.manageable) return null;
  return (
    <section class="form-section">
      <h2>{p.user.signIn}</h2>
      {user.state === "invited" && (
        <>
          <p class="quiet">
            {p.user.invitedText}
            {user.linkExpiresAt && ` ${p.invite.until(fullTime(Date.parse(user.linkExpiresAt)))}`}
          </p>
          <div class="people-buttons">
            <button type="button" class="btn" onClick={() => void again()}>
              {p.user.resend}
            </button>
            <button type="button" class="btn" onClick={() => setOver("revoke")}>
              {p.user.revoke}
            </button>
          </div>
        </>
      )}
      {user.state === "active" && (
        <>
          <p class="quiet">{p.user.activeText}</p>
          <div class="people-buttons">
            <button type="button" class="btn" onClick={() => void reset()}>
              {p.user.reset}
            </button>
            <button type="button" class="btn danger" onClick={() => setOver("deactivate")}>
              {p.user.deactivate}
            </button>
          </div>
        </>
      )}
      {user.state === "deactivated" && (
        <>
          <p class="quiet">{p.user.deactivatedText}</p>
          <div class="people-buttons">
            <button type="button" class="btn" onClick={() => void reactivate()}>
              {p.user.reactivate}
            </button>
          </div>
        </>
      )}
      {leads > 0 && (
        <p class="meta num">
          {p.user.leads(leads, number(leads))}
        </p>
      )}
      {link && (
        <LinkDialog
          {...link}
          onClose={() => {
            setLink(undefined);
            onChange();
          }}
        />
      )}
      {over === "revoke" && (
        <Confirm
          title={p.user.revoke}
          text={p.user.revokeText(name)}
          confirm={p.user.revoke}
          onConfirm={() => void revoke()}
          onClose={() => setOver("")}
        />
      )}
      {over === "deactivate" && (
        <DeactivateDialog
          desk={desk}
          user={user}
          leads={leads}
          onClose={(done) => {
            setOver("");
            if (done) onChange();
          }}
        />
      )}
    </section>
  );
}
