import type { Desk } from "../../core/desk.js";
import type { ConditionJson, LeadFieldJson } from "../../gen/converse/v1/lead_pb.js";
import type { LeadJson } from "../../gen/converse/v1/types_pb.js";
import { s } from "../../ui/strings.js";
import { l } from "./strings.js";

/** The comparisons that a type of field knows. */
export function opsOf(type: string): string[] {
  switch (type) {
    case "number":
    case "date":
      return ["is", "from", "upto", "empty", "filled"];
    case "time":
      return ["from", "upto", "is"];
    case "identifiers":
      return ["filled", "empty"];
    case "boolean":
      return ["is"];
    case "user":
    case "choice":
      return ["is", "is_not", "empty", "filled"];
    default:
      return ["is", "is_not", "begins", "empty", "filled"];
  }
}

/** That the field opted_out is there for filters. */
export const optedOutField: LeadFieldJson = { name: "opted_out", label: l.optedOut, type: "boolean" };

/** What may be chosen as a value; undefined for what is typed. */
export function choicesOf(desk: Desk, field: LeadFieldJson): { value: string; label: string }[] | undefined {
  if (field.type === "boolean") return [{ value: "true", label: l.yes }, { value: "false", label: l.no }];
  if (field.type === "user") {
    return [{ value: "me", label: l.me }, ...[...desk.colleagues.values()].map((user) => ({ value: user.id, label: user.name }))];
  }
  if (field.choices?.length) return field.choices.map((value) => ({ value, label: value }));
  return undefined;
}

/** A condition in words. */
export function inWords(desk: Desk, fields: readonly LeadFieldJson[], condition: ConditionJson): string {
  const field = fields.find((one) => one.name === condition.field);
  const choices = field && choicesOf(desk, field);
  const values = (condition.values ?? []).map((value) => choices?.find((one) => one.value === value)?.label ?? l.days(value));
  return [field?.label ?? condition.field, l.ops[condition.op ?? ""], values.join(", ")].filter(Boolean).join(" ");
}

/** A lead's value of a field that is no identifier, as a table shows it. */
export function valueOf(lead: LeadJson, field: LeadFieldJson): string {
  if (field.key) {
    const value = lead.custom?.find((one) => one.key === field.key)?.value ?? "";
    if (field.type === "boolean" && value) return value === "true" ? l.yes : l.no;
    return value;
  }
  switch (field.name) {
    case "owner":
      return lead.ownerName || (lead.ownerId ? "" : s.lead.unassigned);
    case "stage":
      return lead.stage ?? "";
    case "source":
      return lead.source ?? "";
    case "first_name":
      return lead.firstName ?? "";
    case "last_name":
      return lead.lastName ?? "";
  }
  return "";
}

export function nameOf(lead: LeadJson): string {
  const name = `${lead.firstName ?? ""} ${lead.lastName ?? ""}`.trim();
  return name || (lead.identifiers?.[0]?.value ?? "") || s.unknownLead;
}
