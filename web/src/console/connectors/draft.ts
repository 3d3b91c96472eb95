import type { ConnectorDraftJson, ConnectorJson, ConnectorNumberJson, FoundNumberJson, ProviderJson } from "../../gen/converse/v1/connector_pb.js";

/** An account as it stands in a form. */
export interface Draft {
  name: string;
  baseUrl: string;
  settings: Record<string, string>;
  secrets: Record<string, string>;
  numbers: ConnectorNumberJson[];
  /** Secrets to forget, or of ours to make anew. */
  clear: string[];
}

/** The form of a stored connector; secrets are never there. */
export function draftOf(connector: ConnectorJson | undefined): Draft {
  return {
    name: connector?.name ?? "",
    baseUrl: connector?.baseUrl ?? "",
    settings: { ...connector?.settings },
    secrets: {},
    numbers: connector?.numbers ?? [],
    clear: [],
  };
}

/** What is sent of a form: only fields that the provider knows. */
export function sendable(draft: Draft, provider: ProviderJson): ConnectorDraftJson {
  const fields = provider.fields ?? [];
  const pick = (from: Record<string, string>, secret: boolean) =>
    Object.fromEntries(fields.filter((f) => Boolean(f.secret) === secret).map((f) => [f.name ?? "", from[f.name ?? ""] ?? ""]));
  return {
    provider: provider.provider ?? "",
    name: draft.name,
    baseUrl: draft.baseUrl,
    settings: pick(draft.settings, false),
    secrets: pick(draft.secrets, true),
    numbers: draft.numbers,
  };
}

/** A number that the provider told of, as one of ours. */
export function numberOf(found: FoundNumberJson, provider: ProviderJson): ConnectorNumberJson {
  return {
    channel: found.channel || (provider.channels ?? [])[0] || "sms",
    address: found.address ?? "",
    ref: found.ref ?? "",
    label: found.label || found.address || "",
  };
}

/** Whether two entries are the same number. */
export function sameNumber(a: ConnectorNumberJson, b: ConnectorNumberJson): boolean {
  return a.channel === b.channel && a.address === b.address;
}

/** Whether accounts of a provider can keep to the number of a lead's owner, so that numbers are of users. */
export function numbersHaveUsers(provider: ProviderJson): boolean {
  return (provider.fields ?? []).some((field) => field.name === "owner_number_only");
}
