import type { Desk } from "../../core/desk.js";
import type { MemberJson } from "../../gen/converse/v1/people_pb.js";
import type { AssignmentJson, GroupJson, RestrictionJson } from "../../gen/converse/v1/permission_pb.js";
import { paths } from "../router.js";
import { useLoad } from "../useLoad.js";
import { AccessFacts } from "./AccessFacts.js";
import { p } from "./strings.js";

/** What a user may do and see, and which templates took away the rest. */
export function EffectiveAccess({ desk, user, groups }: { desk: Desk; user: MemberJson; groups: readonly GroupJson[] }) {
  const { data } = useLoad(
    () => desk.call("AdminService/EffectiveAccess", { userId: user.id }),
    [desk, user.id, user.role, (user.groupIds ?? []).join()],
  );
  if (!data?.access) return null;
  const restrictions = data.restrictions ?? [];
  return (
    <section class="form-section" data-testid="effective-access">
      <h2>{p.access.title}</h2>
      <p class="quiet">{p.access.intro}</p>
      <AccessFacts access={data.access} />
      <h3 class="form-label">{p.access.why}</h3>
      {restrictions.length === 0 ? (
        <p class="quiet">{p.access.free}</p>
      ) : (
        <ul class="people-why">
          {restrictions.map((restriction) => (
            <Why key={restriction.templateId} restriction={restriction} groups={groups} />
          ))}
        </ul>
      )}
    </section>
  );
}

function Why({ restriction, groups }: { restriction: RestrictionJson; groups: readonly GroupJson[] }) {
  const takes = (restriction.takes ?? []).map((right) => p.right(right).toLowerCase()).join(", ");
  const through = (restriction.through ?? []).map((assignment) => throughWords(assignment, groups)).join(", ");
  return (
    <li>
      <a href={paths.settings("permissions", restriction.templateId)}>{restriction.templateName}</a>{" "}
      {takes ? p.access.takes(takes) : p.access.takesNothing}
      <span class="meta">
        {" "}
        · {p.access.through} {through}
      </span>
    </li>
  );
}

/** Through what a template applies, in words. */
function throughWords(assignment: AssignmentJson, groups: readonly GroupJson[]): string {
  if (assignment.role) return p.access.throughRole(assignment.role);
  if (!assignment.groupId) return p.access.throughUser;
  return p.access.throughGroup(groups.find((group) => group.id === assignment.groupId)?.name ?? "");
}
