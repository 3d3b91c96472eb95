import type { ProviderFieldJson, ProviderJson } from "../../gen/converse/v1/connector_pb.js";
import { capital } from "../../ui/format.js";
import { Switch } from "../../ui/form/Switch.js";
import { TextInput } from "../../ui/form/TextInput.js";
import type { Draft } from "./draft.js";
import { w } from "./strings.js";

export interface AccountFieldsProps {
  provider: ProviderJson;
  draft: Draft;
  faults: Readonly<Record<string, string>>;
  /** Secrets that are stored already, by name. */
  stored: readonly string[];
  set(change: Partial<Draft>): void;
}

/** An account's fields, as its provider names them, in the order to ask for them. */
export function AccountFields({ provider, draft, faults, stored, set }: AccountFieldsProps) {
  return (
    <>
      <TextInput label={w.name} help={w.nameHelp} required value={draft.name} fault={faults.name} testId="connector-name" onInput={(name) => set({ name })} />
      {(provider.fields ?? []).map((field) => (
        <AccountField key={field.name} field={field} draft={draft} faults={faults} stored={stored.includes(field.name ?? "")} set={set} />
      ))}
      <details class="connector-more" open={draft.baseUrl !== "" || Boolean(faults.baseUrl)}>
        <summary>{w.advanced}</summary>
        <TextInput
          label={w.api}
          help={w.apiHelp}
          optional
          value={draft.baseUrl}
          fault={faults.baseUrl}
          testId="connector-baseUrl"
          onInput={(baseUrl) => set({ baseUrl })}
        />
      </details>
    </>
  );
}

interface AccountFieldProps extends Omit<AccountFieldsProps, "provider" | "stored"> {
  field: ProviderFieldJson;
  stored: boolean;
}

function AccountField({ field, draft, faults, stored, set }: AccountFieldProps) {
  const name = field.name ?? "";
  const label = field.label || capital(name.replaceAll("_", " "));
  const help = sentence(field.help ?? "");
  if (field.switch) {
    return (
      <Switch
        label={label}
        help={help}
        value={draft.settings[name] === "true"}
        testId={`field-${name}`}
        onChange={(on) => set({ settings: { ...draft.settings, [name]: on ? "true" : "" } })}
      />
    );
  }
  if (!field.secret) {
    return (
      <TextInput
        label={label}
        help={help}
        required={Boolean(field.required)}
        optional={!field.required}
        value={draft.settings[name] ?? ""}
        fault={faults[`settings.${name}`]}
        testId={`field-${name}`}
        onInput={(value) => set({ settings: { ...draft.settings, [name]: value } })}
      />
    );
  }
  const cleared = draft.clear.includes(name);
  const note = stored && !cleared ? w.secretStays : field.ours ? w.secretOurs : "";
  return (
    <div class="connector-secret">
      <TextInput
        label={label}
        help={[help, note].filter((part) => part !== "").join(" ")}
        type="password"
        autocomplete="off"
        required={Boolean(field.required) && !field.ours && !stored}
        optional={!field.required}
        value={draft.secrets[name] ?? ""}
        fault={faults[`secrets.${name}`]}
        testId={`field-${name}`}
        onInput={(value) => set({ secrets: { ...draft.secrets, [name]: value } })}
      />
      {stored && (field.ours || !field.required) && (
        <label class="form-check">
          <input
            type="checkbox"
            checked={cleared}
            onChange={(event) => set({ clear: event.currentTarget.checked ? [...draft.clear, name] : draft.clear.filter((one) => one !== name) })}
          />
          <span>
            {field.ours ? w.renewOurs : w.clear} <span class="sr">{label}</span>
          </span>
        </label>
      )}
    </div>
  );
}

/** A clause as a sentence. */
function sentence(clause: string): string {
  if (clause === "") return "";
  const text = capital(clause);
  return text.includes(" ") && !/[.!?]$/.test(text) ? `${text}.` : text;
}
