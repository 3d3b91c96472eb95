/** A permission template as its editor holds it. */
import type { AssignmentJson, PermissionTemplateJson } from "../../gen/converse/v1/permission_pb.js";

export const scopeRights = ["view", "edit", "delete", "export"] as const;

/** The fields that can be hidden. The first few are what people ask for. */
export const maskable = ["phone", "email", "whatsapp", "last_name", "first_name", "owner", "source", "stage", "created_at", "modified_at"] as const;

export interface Draft {
  name: string;
  view: string;
  edit: string;
  delete: string;
  export: string;
  create: boolean;
  import: boolean;
  /** By field: ends or all. */
  masks: Record<string, string>;
  maskText: boolean;
  reveal: boolean;
  roles: string[];
  groupIds: string[];
  userIds: string[];
}

export const emptyDraft: Draft = {
  name: "",
  view: "",
  edit: "",
  delete: "",
  export: "",
  create: true,
  import: true,
  masks: {},
  maskText: false,
  reveal: true,
  roles: [],
  groupIds: [],
  userIds: [],
};

export function toDraft(template: PermissionTemplateJson): Draft {
  const assignments = template.assignments ?? [];
  const some = (of: (assignment: AssignmentJson) => string | undefined) => assignments.map(of).filter((one): one is string => Boolean(one));
  return {
    name: template.name ?? "",
    view: template.view ?? "",
    edit: template.edit ?? "",
    delete: template.delete ?? "",
    export: template.export ?? "",
    create: !template.noCreate,
    import: !template.noImport,
    masks: Object.fromEntries((template.masks ?? []).map((mask) => [mask.field ?? "", mask.mask ?? ""])),
    maskText: template.maskText ?? false,
    reveal: !template.noReveal,
    roles: some((assignment) => assignment.role),
    groupIds: some((assignment) => assignment.groupId),
    userIds: some((assignment) => assignment.userId),
  };
}

export function assignmentsOf(draft: Draft): AssignmentJson[] {
  return [
    ...draft.roles.map((role) => ({ role })),
    ...draft.groupIds.map((groupId) => ({ groupId })),
    ...draft.userIds.map((userId) => ({ userId })),
  ];
}

export function fromDraft(draft: Draft, id: string): PermissionTemplateJson {
  return {
    id,
    name: draft.name.trim() || "…",
    view: draft.view,
    edit: draft.edit,
    delete: draft.delete,
    export: draft.export,
    noCreate: !draft.create,
    noImport: !draft.import,
    masks: Object.entries(draft.masks).map(([field, mask]) => ({ field, mask })),
    maskText: draft.maskText,
    noReveal: !draft.reveal,
    assignments: assignmentsOf(draft),
  };
}

/** What a template takes away, as rights that strings can name. */
export function takes(template: PermissionTemplateJson): string[] {
  const out: string[] = scopeRights.filter((right) => (template[right] ?? "") !== "" && template[right] !== "all");
  if (template.noCreate) out.push("create");
  if (template.noImport) out.push("import");
  out.push(...(template.masks ?? []).map((mask) => `mask.${mask.field}`));
  if (template.maskText) out.push("mask_text");
  if (template.noReveal) out.push("no_reveal");
  return out;
}
