import { useContext, useState } from "preact/hooks";
import type { Desk } from "../../core/desk.js";
import { asApiError } from "../../core/error.js";
import type { User } from "../../core/model.js";
import type { SecondFactorJson } from "../../gen/converse/v1/signin_pb.js";
import { Confirm } from "../../ui/Confirm.js";
import { CheckList } from "../../ui/form/CheckList.js";
import { SaveBar } from "../../ui/form/SaveBar.js";
import { useForm } from "../../ui/form/useForm.js";
import { time } from "../../ui/format.js";
import { s } from "../../ui/strings.js";
import { ToastContext } from "../../ui/toasts.js";
import { DataTable, type Column } from "../DataTable.js";
import { Loaded } from "../settings/PageBody.js";
import { useLoad } from "../useLoad.js";
import "./signin.css";
import { words } from "./strings.js";

const roles = ["administrator", "sales_manager", "marketing_user", "sales_user"];

/** Whom a second factor is asked of, and how it stands with each. */
export function SecondSteps({ desk }: { desk: Desk }) {
  const policy = useLoad(() => desk.call("AdminService/GetSecurityPolicy", {}), [desk]);
  const people = useLoad(() => desk.call("AdminService/ListSecondFactors", {}), [desk]);
  const required = policy.data?.policy?.secondFactorRoles;
  const list = people.data?.secondFactors;
  return (
    <Loaded
      fault={policy.fault ?? people.fault}
      onRetry={() => {
        policy.reload();
        people.reload();
      }}
      loading={!policy.data || !list}
    >
      <PolicyForm desk={desk} required={required ?? []} onSaved={people.reload} />
      <People desk={desk} list={list ?? []} onChanged={people.reload} />
    </Loaded>
  );
}

function PolicyForm({ desk, required, onSaved }: { desk: Desk; required: readonly string[]; onSaved(): void }) {
  const toasts = useContext(ToastContext);
  const form = useForm({
    stored: { roles: roles.filter((role) => required.includes(role)) },
    onSave: async (values) => {
      await desk.call("AdminService/SetSecurityPolicy", { policy: { secondFactorRoles: values.roles } });
      toasts.show({ text: words.security.saved });
      onSaved();
    },
  });
  return (
    <div class="form">
      <section class="form-section">
        <CheckList
          label={words.security.policy}
          options={roles.map((role) => ({ value: role, label: s.role(role) }))}
          value={form.values.roles}
          onChange={(chosen) => form.set({ roles: roles.filter((role) => chosen.includes(role)) })}
          testId="required-roles"
        />
        <p class="meta">{words.security.policyHelp}</p>
      </section>
      <SaveBar dirty={form.dirty} busy={form.busy} fault={form.fault} onSave={() => void form.save()} onDiscard={form.discard} />
    </div>
  );
}

interface Row extends SecondFactorJson {
  user: User;
}

function People({ desk, list, onChanged }: { desk: Desk; list: readonly SecondFactorJson[]; onChanged(): void }) {
  const toasts = useContext(ToastContext);
  const [resetting, setResetting] = useState<Row>();
  const known = new Map([desk.user, ...desk.colleagues.values()].map((user) => [user.id, user]));
  const rows = list.flatMap((factor): Row[] => {
    const user = known.get(factor.userId ?? "");
    return user ? [{ ...factor, user }] : [];
  });
  const act = async (call: "AdminService/ResetSecondFactor" | "AdminService/UnlockSecondFactor", row: Row, said: string) => {
    try {
      await desk.call(call, { userId: row.user.id });
      toasts.show({ text: said });
      onChanged();
    } catch (thrown) {
      toasts.fail(asApiError(thrown));
    }
  };
  const columns: Column<Row>[] = [
    { key: "name", label: words.security.columns.name, cell: (row) => row.user.name, sort: (row) => row.user.name },
    { key: "role", label: words.security.columns.role, cell: (row) => s.role(row.user.role), sort: (row) => row.user.role },
    { key: "state", label: words.security.columns.state, cell: (row) => <State row={row} />, sort: (row) => Number(row.enabled ?? false) },
    { key: "codes", label: words.security.columns.codes, cell: (row) => (row.enabled ? (row.codesLeft ?? 0) : "–"), class: "num" },
    {
      key: "actions",
      label: words.security.columns.actions,
      silent: true,
      cell: (row) => (
        <span class="factor-actions">
          {row.lockedUntil && (
            <button
              type="button"
              class="btn small"
              onClick={() => void act("AdminService/UnlockSecondFactor", row, words.security.unlocked(row.user.name))}
            >
              {words.security.unlock}
            </button>
          )}
          {row.enabled && (
            <button type="button" class="btn small" onClick={() => setResetting(row)}>
              {words.security.reset}
            </button>
          )}
        </span>
      ),
    },
  ];
  return (
    <>
      <h2>{words.security.people}</h2>
      <DataTable label={words.security.people} columns={columns} rows={rows} keyOf={(row) => row.user.id} testId="second-factors" />
      {resetting && (
        <Confirm
          title={words.security.resetTitle(resetting.user.name)}
          text={words.security.resetText}
          confirm={words.security.reset}
          onConfirm={() => void act("AdminService/ResetSecondFactor", resetting, words.security.resetDone(resetting.user.name))}
          onClose={() => setResetting(undefined)}
        />
      )}
    </>
  );
}

function State({ row }: { row: Row }) {
  if (row.lockedUntil) return <span class="tag tag-red">{words.security.locked(time(Date.parse(row.lockedUntil)))}</span>;
  if (row.enabled) return <span class="tag tag-accent">{words.security.on}</span>;
  return row.required ? <span class="tag tag-red">{words.security.missing}</span> : <span class="quiet">{words.security.off}</span>;
}
