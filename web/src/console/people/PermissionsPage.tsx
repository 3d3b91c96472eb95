import { LockKeyhole, Plus } from "lucide-preact";
import type { PermissionTemplateJson } from "../../gen/converse/v1/permission_pb.js";
import { EmptyState } from "../../ui/EmptyState.js";
import { Icon } from "../../ui/Icon.js";
import { s } from "../../ui/strings.js";
import { DataTable } from "../DataTable.js";
import { go, paths } from "../router.js";
import { PageBody } from "../settings/PageBody.js";
import type { SettingsPageProps } from "../settings/pages.js";
import { useLoad } from "../useLoad.js";
import "./people.css";
import { p } from "./strings.js";
import { takes } from "./template.js";
import { TemplatePage } from "./TemplatePage.js";

/** The permission templates, or one of them. */
export function PermissionsPage({ desk, id }: SettingsPageProps) {
  return id ? <TemplatePage desk={desk} id={id} /> : <TemplateList desk={desk} id="" />;
}

function TemplateList({ desk }: SettingsPageProps) {
  const { data, fault, reload } = useLoad(
    () =>
      Promise.all([desk.call("AdminService/ListPermissionTemplates", {}), desk.call("AdminService/ListGroups", {})]).then(([templates, groups]) => ({
        templates: templates.templates ?? [],
        groups: new Map((groups.groups ?? []).map((group) => [group.id ?? "", group.name ?? ""])),
      })),
    [desk],
  );
  const make = (
    <a class="btn primary" href={paths.settings("permissions", "new")} data-testid="make-template">
      <Icon of={Plus} />
      {p.permissionsPage.make}
    </a>
  );
  const to = (template: PermissionTemplateJson) => {
    const assignments = template.assignments ?? [];
    const users = assignments.filter((assignment) => assignment.userId).length;
    return [
      ...assignments.flatMap((assignment) => (assignment.role ? [s.role(assignment.role)] : [])),
      ...assignments.flatMap((assignment) => (assignment.groupId ? [data?.groups.get(assignment.groupId) ?? ""] : [])),
      ...(users > 0 ? [p.permissionsPage.users(users)] : []),
    ].join(", ");
  };
  return (
    <PageBody
      title={p.permissions}
      intro={p.permissionsPage.intro}
      fault={fault}
      onRetry={reload}
      loading={!data}
      actions={data?.templates.length ? make : undefined}
    >
      {data?.templates.length === 0 ? (
        <EmptyState icon={LockKeyhole} title={p.permissionsPage.empty} text={p.permissionsPage.emptyText}>
          {make}
        </EmptyState>
      ) : (
        <DataTable
          label={p.permissions}
          rows={data?.templates ?? []}
          keyOf={(template) => template.id ?? ""}
          onOpen={(template) => go(paths.settings("permissions", template.id))}
          testId="templates"
          columns={[
            {
              key: "name",
              label: p.permissionsPage.name,
              sort: (template) => template.name ?? "",
              cell: (template) => (
                <a class="people-name" href={paths.settings("permissions", template.id)}>
                  {template.name}
                </a>
              ),
            },
            {
              key: "takes",
              label: p.permissionsPage.takes,
              class: "wide",
              cell: (template) => takes(template).map((right) => p.right(right)).join(", ") || <span class="quiet">{p.permissionsPage.nothing}</span>,
            },
            { key: "to", label: p.permissionsPage.to, cell: (template) => to(template) || <span class="quiet">{p.permissionsPage.nobody}</span> },
          ]}
        />
      )}
    </PageBody>
  );
}
