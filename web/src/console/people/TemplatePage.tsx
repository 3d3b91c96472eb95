import { Trash2 } from "lucide-preact";
import { useContext, useRef, useState } from "preact/hooks";
import type { Desk } from "../../core/desk.js";
import { asApiError } from "../../core/error.js";
import type { LeadFieldJson } from "../../gen/converse/v1/lead_pb.js";
import type { MemberJson } from "../../gen/converse/v1/people_pb.js";
import type { GroupJson, PermissionTemplateJson } from "../../gen/converse/v1/permission_pb.js";
import { Confirm } from "../../ui/Confirm.js";
import { CheckList } from "../../ui/form/CheckList.js";
import { SaveBar } from "../../ui/form/SaveBar.js";
import { Select } from "../../ui/form/Select.js";
import { Switch } from "../../ui/form/Switch.js";
import { TextInput } from "../../ui/form/TextInput.js";
import { useForm, type Form } from "../../ui/form/useForm.js";
import { Icon } from "../../ui/Icon.js";
import { s } from "../../ui/strings.js";
import { ToastContext } from "../../ui/toasts.js";
import { go, paths } from "../router.js";
import { PageBody } from "../settings/PageBody.js";
import { useLoad } from "../useLoad.js";
import { MaskTable } from "./MaskTable.js";
import { allRoles } from "./RoleAndGroups.js";
import { SeeAs } from "./SeeAs.js";
import { p } from "./strings.js";
import { assignmentsOf, emptyDraft, fromDraft, scopeRights, toDraft, type Draft } from "./template.js";
import { c } from "../strings.js";

/** A permission template: what it takes away, and from whom. */
export function TemplatePage({ desk, id }: { desk: Desk; id: string }) {
  const fresh = id === "new";
  const { data, fault, reload } = useLoad(
    () =>
      Promise.all([
        desk.call("AdminService/ListPermissionTemplates", {}),
        desk.call("AdminService/ListGroups", {}),
        desk.call("AdminService/ListUsers", {}),
        desk.call("LeadService/ListFields", {}),
      ]).then(([templates, groups, users, fields]) => ({
        template: (templates.templates ?? []).find((template) => template.id === id),
        groups: groups.groups ?? [],
        custom: (fields.fields ?? []).filter((field) => field.key && !field.archived),
        users: (users.users ?? []).filter((user) => user.state !== "deactivated"),
      })),
    [desk, id],
  );
  const missing = data !== undefined && !fresh && !data.template;
  return (
    <PageBody
      title={fresh ? p.template.fresh : (data?.template?.name ?? p.permissions)}
      back={{ label: p.template.back, to: paths.settings("permissions") }}
      fault={missing ? asApiError(new Error(c.console.notFound)) : fault}
      onRetry={reload}
      loading={!data}
    >
      {data && !missing && <Editor desk={desk} id={fresh ? "" : id} template={data.template} groups={data.groups} users={data.users} custom={data.custom} />}
    </PageBody>
  );
}

interface EditorProps {
  desk: Desk;
  /** Empty for a new one. */
  id: string;
  template: PermissionTemplateJson | undefined;
  groups: readonly GroupJson[];
  users: readonly MemberJson[];
  custom: readonly LeadFieldJson[];
}

function Editor({ desk, id, template, groups, users, custom }: EditorProps) {
  const toasts = useContext(ToastContext);
  const [why, setWhy] = useState("");
  const [deleting, setDeleting] = useState(false);
  // A new one has an id once it was saved, even if whom it applies to is asked about.
  const stored = useRef(id);
  const store = async (draft: Draft, confirm: boolean) => {
    const { template: saved } = await desk.call("AdminService/SavePermissionTemplate", { template: fromDraft(draft, stored.current), confirm });
    stored.current = saved?.id ?? stored.current;
    await desk.call("AdminService/SetAssignments", { permissionTemplateId: stored.current, assignments: assignmentsOf(draft), confirm });
    // It may change what the user who saved it sees, and is still to be read then.
    toasts.show({ text: p.template.saved, namesNobody: true });
    form.reset(draft);
    if (stored.current !== id) go(paths.settings("permissions", stored.current), true);
  };
  const form = useForm({
    stored: template ? toDraft(template) : emptyDraft,
    check: (draft): Record<string, string> => (draft.name.trim() ? {} : { name: p.template.nameHelp }),
    onSave: async (draft) => {
      try {
        await store(draft, false);
      } catch (thrown) {
        const error = asApiError(thrown);
        if (error.reason === "confirm") setWhy(error.message);
        throw thrown;
      }
    },
  });
  const remove = () =>
    desk.call("AdminService/DeletePermissionTemplate", { permissionTemplateId: id }).then(
      () => {
        toasts.show({ text: p.template.deleted, namesNobody: true });
        form.discard();
        go(paths.settings("permissions"), true);
      },
      (thrown: unknown) => toasts.fail(asApiError(thrown)),
    );
  return (
    <div class="people-page people-wide">
      <TextInput
        class="people-narrow"
        label={p.template.name}
        help={p.template.nameHelp}
        required
        maxLength={100}
        value={form.values.name}
        fault={form.faults.name}
        onInput={(name) => form.set({ name })}
      />
      <WhatTheyMay form={form} />
      <section class="form-section">
        <h2>{p.template.masks}</h2>
        <p class="quiet">{p.template.masksHelp}</p>
        <MaskTable masks={form.values.masks} custom={custom} onChange={(masks) => form.set({ masks })} />
        <Switch label={p.template.text} help={p.template.textHelp} value={form.values.maskText} onChange={(maskText) => form.set({ maskText })} testId="mask-text" />
        <Switch label={p.template.reveal} help={p.template.revealHelp} value={form.values.reveal} onChange={(reveal) => form.set({ reveal })} />
      </section>
      <WhoItAppliesTo form={form} groups={groups} users={users} />
      <SeeAs desk={desk} draft={form.values} id={id} />
      {id && (
        <button type="button" class="btn danger people-start" onClick={() => setDeleting(true)}>
          <Icon of={Trash2} />
          {p.template.delete_}
        </button>
      )}
      <SaveBar
        dirty={form.dirty}
        busy={form.busy}
        fault={form.fault ?? (form.faults.confirm ? undefined : Object.values(form.faults)[0])}
        onSave={() => void form.save()}
        onDiscard={form.discard}
      />
      {why && (
        <Confirm
          title={p.template.confirmTitle}
          text={p.template.confirmText(why)}
          confirm={p.template.confirm}
          onConfirm={() => void store(form.values, true).catch((thrown: unknown) => toasts.fail(asApiError(thrown)))}
          onClose={() => setWhy("")}
        />
      )}
      {deleting && (
        <Confirm
          title={p.template.deleteTitle(template?.name ?? "")}
          text={p.template.deleteText}
          confirm={p.template.delete_}
          onConfirm={() => void remove()}
          onClose={() => setDeleting(false)}
        />
      )}
    </div>
  );
}

function WhatTheyMay({ form }: { form: Form<Draft> }) {
  return (
    <section class="form-section">
      <h2>{p.template.restrict}</h2>
      <p class="quiet">{p.template.scopesHelp}</p>
      <div class="form-row">
        {scopeRights.map((right) => (
          <Select
            key={right}
            label={p.right(right)}
            value={form.values[right]}
            options={["", "group", "own", "none"].map((scope) => ({ value: scope, label: p.scope(scope) }))}
            onChange={(scope) => form.set({ [right]: scope })}
            testId={`scope-${right}`}
          />
        ))}
      </div>
      <Switch label={p.template.create} value={form.values.create} onChange={(create) => form.set({ create })} />
      <Switch label={p.template.import} value={form.values.import} onChange={(next) => form.set({ import: next })} />
    </section>
  );
}

interface WhoProps {
  form: Form<Draft>;
  groups: readonly GroupJson[];
  users: readonly MemberJson[];
}

function WhoItAppliesTo({ form, groups, users }: WhoProps) {
  return (
    <section class="form-section" data-testid="assign">
      <h2>{p.template.assign}</h2>
      <div class="form-row">
        <CheckList
          label={p.template.roles}
          options={allRoles.map((role) => ({ value: role, label: s.role(role) }))}
          value={form.values.roles}
          onChange={(roles) => form.set({ roles })}
        />
        <CheckList
          label={p.template.groups}
          options={groups.map((group) => ({ value: group.id ?? "", label: group.name ?? "" }))}
          value={form.values.groupIds}
          onChange={(groupIds) => form.set({ groupIds })}
          empty={p.template.noGroups}
        />
        <CheckList
          label={p.template.users}
          options={users.map((user) => ({ value: user.id ?? "", label: user.name ?? "", note: s.role(user.role ?? "") }))}
          value={form.values.userIds}
          onChange={(userIds) => form.set({ userIds })}
          empty={p.template.noUsers}
        />
      </div>
    </section>
  );
}
