import type { GroupJson } from "../../gen/converse/v1/permission_pb.js";
import { CheckList } from "../../ui/form/CheckList.js";
import { Select } from "../../ui/form/Select.js";
import { s } from "../../ui/strings.js";
import { p } from "./strings.js";

export const allRoles = ["sales_user", "marketing_user", "sales_manager", "administrator"] as const;

export interface RoleAndGroupsProps {
  role: string;
  groupIds: readonly string[];
  groups: readonly GroupJson[];
  /** Only sales users, as a sales manager may make them. */
  salesOnly: boolean;
  help?: string;
  faults: Readonly<Record<string, string>>;
  onRole(role: string): void;
  onGroups(ids: string[]): void;
}

/** What a user is, and which groups they belong to. */
export function RoleAndGroups({ role, groupIds, groups, salesOnly, help, faults, onRole, onGroups }: RoleAndGroupsProps) {
  const roles = allRoles.filter((one) => !salesOnly || one === "sales_user" || one === role);
  return (
    <>
      <Select
        label={p.invite.role}
        value={role}
        options={roles.map((one) => ({ value: one as string, label: s.role(one) }))}
        help={[p.invite.roles[role], help].filter(Boolean).join(" ")}
        fault={faults.role}
        onChange={onRole}
        testId="user-role"
      />
      <div>
        <CheckList
          label={p.invite.groups}
          options={groups.map((group) => ({ value: group.id ?? "", label: group.name ?? "" }))}
          value={groupIds}
          onChange={onGroups}
          empty={p.invite.noGroups}
          testId="user-groups"
        />
        {faults.groupIds && (
          <p class="meta form-fault" role="alert">
            {faults.groupIds}
          </p>
        )}
      </div>
    </>
  );
}
