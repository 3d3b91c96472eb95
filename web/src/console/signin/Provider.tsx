import { CircleCheck, CircleX } from "lucide-preact";
import { useContext, useState } from "preact/hooks";
import type { Desk } from "../../core/desk.js";
import { asApiError } from "../../core/error.js";
import type { SingleSignOnJson, SingleSignOnStepJson } from "../../gen/converse/v1/signin_pb.js";
import { SaveBar } from "../../ui/form/SaveBar.js";
import { Select } from "../../ui/form/Select.js";
import { Switch } from "../../ui/form/Switch.js";
import { TextInput } from "../../ui/form/TextInput.js";
import { useForm } from "../../ui/form/useForm.js";
import { date } from "../../ui/format.js";
import { Icon } from "../../ui/Icon.js";
import { s } from "../../ui/strings.js";
import { errorText, ToastContext } from "../../ui/toasts.js";
import { CopyButton } from "../CopyButton.js";
import { Loaded } from "../settings/PageBody.js";
import { useLoad } from "../useLoad.js";
import "./signin.css";
import { words } from "./strings.js";

const roles = ["sales_user", "sales_manager", "marketing_user", "administrator"];

/** The org's OpenID Connect provider. */
export function Provider({ desk }: { desk: Desk }) {
  const loaded = useLoad(() => desk.call("AdminService/GetSingleSignOn", {}), [desk]);
  const stored = loaded.data?.singleSignOn;
  return (
    <Loaded fault={loaded.fault} onRetry={loaded.reload} loading={!stored}>
      <p class="quiet">{words.provider.intro}</p>
      {stored && <ProviderForm key={stored.modifiedAt ?? ""} desk={desk} stored={stored} onSaved={(next) => loaded.put({ singleSignOn: next })} />}
    </Loaded>
  );
}

const valuesOf = (stored: SingleSignOnJson) => ({
  enabled: stored.enabled ?? false,
  issuer: stored.issuer ?? "",
  clientId: stored.clientId ?? "",
  clientSecret: "",
  domains: (stored.domains ?? []).join(" "),
  newRole: stored.newRole ?? "",
  trusted: stored.trusted ?? false,
});

function ProviderForm({ desk, stored, onSaved }: { desk: Desk; stored: SingleSignOnJson; onSaved(next: SingleSignOnJson): void }) {
  const toasts = useContext(ToastContext);
  const form = useForm({
    stored: valuesOf(stored),
    onSave: async ({ clientSecret, domains, ...rest }) => {
      const singleSignOn = { ...rest, domains: domains.split(/[\s,;]+/).filter((domain) => domain !== "") };
      const answer = await desk.call("AdminService/SetSingleSignOn", { singleSignOn, clientSecret });
      toasts.show({ text: words.provider.saved });
      onSaved(answer.singleSignOn ?? {});
    },
  });
  const { values, faults } = form;
  return (
    <div class="form" data-testid="provider">
      <section class="form-section">
        <Switch
          label={words.provider.enabled}
          help={words.provider.enabledHelp}
          value={values.enabled}
          onChange={(enabled) => form.set({ enabled })}
        />
        <div class="form-field">
          <span class="form-label">{words.provider.redirect}</span>
          <span class="key-word">
            <code>{stored.redirectUrl}</code>
            <CopyButton text={stored.redirectUrl ?? ""} />
          </span>
          <span class="meta">{words.provider.redirectHelp}</span>
        </div>
        <TextInput
          label={words.provider.issuer}
          help={words.provider.issuerHelp}
          type="url"
          value={values.issuer}
          onInput={(issuer) => form.set({ issuer })}
          fault={faults.issuer}
          required
        />
        <Test desk={desk} issuer={values.issuer} />
        <TextInput
          label={words.provider.clientId}
          value={values.clientId}
          onInput={(clientId) => form.set({ clientId })}
          fault={faults.clientId}
          autocomplete="off"
          required
        />
        <TextInput
          label={words.provider.secret}
          help={
            stored.secretSet
              ? `${words.provider.secretSet} ${stored.modifiedAt ? words.provider.changed(date(Date.parse(stored.modifiedAt))) : ""}`
              : words.provider.secretHelp
          }
          type="password"
          value={values.clientSecret}
          onInput={(clientSecret) => form.set({ clientSecret })}
          fault={faults.clientSecret}
          autocomplete="off"
        />
      </section>
      <section class="form-section">
        <TextInput
          label={words.provider.domains}
          help={words.provider.domainsHelp}
          value={values.domains}
          onInput={(domains) => form.set({ domains })}
          fault={faults.domains}
          required
        />
        <Select
          label={words.provider.newcomers}
          value={values.newRole}
          options={[
            { value: "", label: words.provider.newcomersNone },
            ...roles.map((role) => ({ value: role, label: words.provider.newcomersRole(s.role(role)) })),
          ]}
          onChange={(newRole) => form.set({ newRole })}
          fault={faults.newRole}
        />
        <Switch
          label={words.provider.trusted}
          help={words.provider.trustedHelp}
          value={values.trusted}
          onChange={(trusted) => form.set({ trusted })}
        />
      </section>
      <SaveBar dirty={form.dirty} busy={form.busy} fault={form.fault} onSave={() => void form.save()} onDiscard={form.discard} />
    </div>
  );
}

/** Asks the issuer about itself, and shows how each step went. */
function Test({ desk, issuer }: { desk: Desk; issuer: string }) {
  const [steps, setSteps] = useState<SingleSignOnStepJson[]>([]);
  const [busy, setBusy] = useState(false);
  const test = async () => {
    setBusy(true);
    try {
      setSteps((await desk.call("AdminService/TestSingleSignOn", { issuer })).steps ?? []);
    } catch (thrown) {
      setSteps([{ name: "issuer", ok: false, text: errorText(asApiError(thrown)) }]);
    }
    setBusy(false);
  };
  return (
    <div class="sso-steps">
      <div>
        <button type="button" class="btn small" disabled={busy || issuer.trim() === ""} onClick={() => void test()}>
          {busy ? words.provider.testing : words.provider.test}
        </button>
      </div>
      <div role="status">
        <ul class="sso-steps">
          {steps.map((step) => (
            <li key={step.name} class={`sso-step ${step.ok ? "sso-step-ok" : "sso-step-failed"}`}>
              <Icon of={step.ok ? CircleCheck : CircleX} />
              <span>
                <strong>{words.provider.steps[step.name ?? ""] ?? step.name}</strong> {step.text}
              </span>
            </li>
          ))}
        </ul>
      </div>
    </div>
  );
}
