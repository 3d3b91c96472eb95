import { Plus, UsersRound } from "lucide-preact";
import { useContext, useState } from "preact/hooks";
import { asApiError } from "../../core/error.js";
import type { MemberJson } from "../../gen/converse/v1/people_pb.js";
import type { GroupJson } from "../../gen/converse/v1/permission_pb.js";
import { Confirm } from "../../ui/Confirm.js";
import { Dialog } from "../../ui/Dialog.js";
import { EmptyState } from "../../ui/EmptyState.js";
import { CheckList } from "../../ui/form/CheckList.js";
import { TextInput } from "../../ui/form/TextInput.js";
import { useForm } from "../../ui/form/useForm.js";
import { Icon } from "../../ui/Icon.js";
import { words } from "../../ui/form/words.js";
import { s } from "../../ui/strings.js";
import { ToastContext } from "../../ui/toasts.js";
import { DataTable } from "../DataTable.js";
import { PageBody } from "../settings/PageBody.js";
import type { SettingsPageProps } from "../settings/pages.js";
import { useLoad } from "../useLoad.js";
import "./people.css";
import { p } from "./strings.js";

/** The groups of users. */
export function GroupsPage({ desk }: SettingsPageProps) {
  const toasts = useContext(ToastContext);
  const { data, fault, reload } = useLoad(
    () =>
      Promise.all([desk.call("AdminService/ListGroups", {}), desk.call("AdminService/ListUsers", {})]).then(([groups, users]) => ({
        groups: groups.groups ?? [],
        users: (users.users ?? []).filter((user) => user.state !== "deactivated"),
      })),
    [desk],
  );
  const [editing, setEditing] = useState<GroupJson>();
  const [deleting, setDeleting] = useState<GroupJson>();
  const names = new Map((data?.users ?? []).map((user) => [user.id ?? "", user.name ?? ""]));
  const members = (group: GroupJson) => (group.memberIds ?? []).filter((id) => names.has(id));
  const remove = (group: GroupJson) =>
    desk.call("AdminService/DeleteGroup", { groupId: group.id }).then(
      () => {
        toasts.show({ text: p.groupsPage.deleted, namesNobody: true });
        reload();
      },
      (thrown: unknown) => toasts.fail(asApiError(thrown)),
    );
  const make = (
    <button type="button" class="btn primary" onClick={() => setEditing({})} data-testid="make-group">
      <Icon of={Plus} />
      {p.groupsPage.make}
    </button>
  );
  return (
    <PageBody title={p.groups} intro={p.groupsPage.intro} fault={fault} onRetry={reload} loading={!data} actions={data?.groups.length ? make : undefined}>
      {data?.groups.length === 0 ? (
        <EmptyState icon={UsersRound} title={p.groupsPage.empty} text={p.groupsPage.emptyText}>
          {make}
        </EmptyState>
      ) : (
        <DataTable
          label={p.groups}
          rows={data?.groups ?? []}
          keyOf={(group) => group.id ?? ""}
          onOpen={(group) => setEditing(group)}
          testId="groups"
          columns={[
            { key: "name", label: p.groupsPage.name, sort: (group) => group.name ?? "", cell: (group) => <span class="people-name">{group.name}</span> },
            {
              key: "members",
              label: p.groupsPage.members,
              sort: (group) => members(group).length,
              cell: (group) => (
                <span class="people-names">
                  <span class="num">{p.groupsPage.membersOf(members(group).length)}</span>
                  <span class="meta clip">{members(group).map((id) => names.get(id)).join(", ")}</span>
                </span>
              ),
            },
            {
              key: "actions",
              label: p.groupsPage.edit,
              silent: true,
              class: "end",
              cell: (group) => (
                <span class="table-actions">
                  <button type="button" class="btn small" aria-label={p.groupsPage.editOf(group.name ?? "")} onClick={() => setEditing(group)}>
                    {p.groupsPage.edit}
                  </button>
                </span>
              ),
            },
          ]}
        />
      )}
      {editing && (
        <GroupDialog
          key={editing.id}
          call={desk.call}
          group={editing}
          users={data?.users ?? []}
          onDelete={() => {
            setDeleting(editing);
            setEditing(undefined);
          }}
          onClose={(saved) => {
            setEditing(undefined);
            if (saved) reload();
          }}
        />
      )}
      {deleting && (
        <Confirm
          title={p.groupsPage.deleteTitle(deleting.name ?? "")}
          text={p.groupsPage.deleteText}
          confirm={p.groupsPage.delete}
          onConfirm={() => void remove(deleting)}
          onClose={() => setDeleting(undefined)}
        />
      )}
    </PageBody>
  );
}

interface GroupDialogProps {
  call: SettingsPageProps["desk"]["call"];
  /** Without an id: a new one. */
  group: GroupJson;
  users: readonly MemberJson[];
  onDelete(): void;
  onClose(saved: boolean): void;
}

function GroupDialog({ call, group, users, onDelete, onClose }: GroupDialogProps) {
  const form = useForm({
    stored: { name: group.name ?? "", memberIds: [...(group.memberIds ?? [])] },
    guarded: false,
    onSave: async (values) => {
      await call("AdminService/SaveGroup", { groupId: group.id ?? "", ...values });
      onClose(true);
    },
  });
  return (
    <Dialog
      title={group.id ? p.groupsPage.editTitle : p.groupsPage.make}
      onClose={() => onClose(false)}
      testId="group"
      actions={
        <>
          {group.id && (
            <button type="button" class="btn danger people-apart" onClick={onDelete}>
              {p.groupsPage.delete}
            </button>
          )}
          <button type="button" class="btn" onClick={() => onClose(false)}>
            {s.cancel}
          </button>
          <button type="submit" form="group-form" class="btn primary" disabled={form.busy}>
            {words.save}
          </button>
        </>
      }
    >
      <form
        id="group-form"
        class="form"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          void form.save();
        }}
      >
        <TextInput
          label={p.groupsPage.name}
          required
          autofocus
          maxLength={100}
          value={form.values.name}
          fault={form.faults.name}
          onInput={(name) => form.set({ name })}
        />
        <CheckList
          label={p.groupsPage.members}
          options={users.map((user) => ({ value: user.id ?? "", label: user.name ?? "", note: s.role(user.role ?? "") }))}
          value={form.values.memberIds}
          onChange={(memberIds) => form.set({ memberIds })}
          empty={p.groupsPage.nobody}
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
