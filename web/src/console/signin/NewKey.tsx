import { useState } from "preact/hooks";
import type { Call } from "../../core/api.js";
import { Dialog } from "../../ui/Dialog.js";
import { CheckList } from "../../ui/form/CheckList.js";
import { Select } from "../../ui/form/Select.js";
import { TextInput } from "../../ui/form/TextInput.js";
import { useForm } from "../../ui/form/useForm.js";
import { s } from "../../ui/strings.js";
import { CopyButton } from "../CopyButton.js";
import { words } from "./strings.js";

const day = 86_400_000;

/** Makes an API key, and shows it this once. */
export function NewKey({ call, onClose }: { call: Call; onClose(): void }) {
  const [key, setKey] = useState("");
  const form = useForm({
    stored: { name: "", scopes: [] as string[], days: "90" },
    guarded: false,
    onSave: async ({ name, scopes, days }) => {
      const expiresAt = days === "0" ? {} : { expiresAt: new Date(Date.now() + Number(days) * day).toISOString() };
      setKey((await call("AdminService/CreateApiKey", { name, scopes, ...expiresAt })).key ?? "");
    },
  });
  const { values, faults } = form;
  if (key) {
    return (
      <Dialog title={words.keys.made} onClose={onClose} testId="new-key">
        <div class="form">
          <p>{words.keys.madeText}</p>
          <p class="key-word">
            <code data-testid="api-key">{key}</code>
            <CopyButton text={key} />
          </p>
          <button type="button" class="btn primary" onClick={onClose}>
            {words.keys.done}
          </button>
        </div>
      </Dialog>
    );
  }
  const submit = (event: Event) => {
    event.preventDefault();
    void form.save();
  };
  return (
    <Dialog title={words.keys.create} onClose={onClose} testId="new-key">
      <form class="form" onSubmit={submit}>
        <TextInput
          label={words.keys.name}
          help={words.keys.nameHelp}
          value={values.name}
          onInput={(name) => form.set({ name })}
          fault={faults.name}
          maxLength={80}
          required
          autofocus
        />
        <CheckList
          label={words.keys.may}
          options={Object.entries(words.keys.scopes).map(([value, { label, note }]) => ({ value, label, note }))}
          value={values.scopes}
          onChange={(scopes) => form.set({ scopes })}
        />
        <Select
          label={words.keys.expiry}
          value={values.days}
          options={Object.entries(words.keys.expiries).map(([value, label]) => ({ value, label }))}
          onChange={(days) => form.set({ days })}
          fault={faults.expiresAt}
        />
        {(form.fault || faults.scopes) && (
          <p class="form-fault" role="alert">
            {form.fault ?? faults.scopes}
          </p>
        )}
        <div class="dialog-actions">
          <button type="button" class="btn" onClick={onClose}>
            {s.cancel}
          </button>
          <button type="submit" class="btn primary" disabled={form.busy || values.name.trim() === "" || values.scopes.length === 0}>
            {words.keys.create}
          </button>
        </div>
      </form>
    </Dialog>
  );
}
