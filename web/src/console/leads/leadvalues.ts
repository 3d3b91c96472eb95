import type { IdentifierJson, LeadJson } from "../../gen/converse/v1/types_pb.js";

/** An identifier as it is being typed; a new one has no id. */
export interface Row {
  id: string;
  kind: string;
  value: string;
  label: string;
}

/** A lead's fields while they are being changed. */
export interface Values {
  firstName: string;
  lastName: string;
  ownerId: string;
  stage: string;
  source: string;
  custom: Record<string, string>;
  identifiers: Row[];
}

/** What stands in the editor of a lead. */
export function valuesOf(lead: LeadJson): Values {
  return {
    firstName: lead.firstName ?? "",
    lastName: lead.lastName ?? "",
    ownerId: lead.ownerId ?? "",
    stage: lead.stage ?? "",
    source: lead.source ?? "",
    custom: Object.fromEntries((lead.custom ?? []).map((one) => [one.key ?? "", one.value ?? ""])),
    identifiers: (lead.identifiers ?? []).map(rowOf),
  };
}

function rowOf(identifier: IdentifierJson): Row {
  return { id: identifier.id ?? "", kind: identifier.kind ?? "phone", value: identifier.value ?? "", label: identifier.label ?? "" };
}

/** Only what was changed, so that what one does not see stays as it is. */
export function changes(lead: LeadJson, values: Values) {
  const before = valuesOf(lead);
  const same = JSON.stringify(before.identifiers) === JSON.stringify(values.identifiers);
  const custom = Object.entries(values.custom).filter(([key, value]) => value !== (before.custom[key] ?? ""));
  return {
    ...(values.firstName !== before.firstName ? { firstName: values.firstName } : {}),
    ...(values.lastName !== before.lastName ? { lastName: values.lastName } : {}),
    ...(values.ownerId !== before.ownerId ? { ownerId: values.ownerId } : {}),
    ...(values.stage !== before.stage ? { stage: values.stage } : {}),
    ...(values.source !== before.source ? { source: values.source } : {}),
    ...(custom.length > 0 ? { custom: custom.map(([key, value]) => ({ key, value })) } : {}),
    ...(same
      ? {}
      : {
          identifiers: {
            edits: values.identifiers.map((row) => {
              const old = before.identifiers.find((one) => one.id === row.id && row.id);
              return {
                id: row.id,
                ...(row.id ? {} : { kind: row.kind }),
                ...(old?.value === row.value ? {} : { value: row.value }),
                ...(old?.label === row.label ? {} : { label: row.label }),
              };
            }),
          },
        }),
  };
}
