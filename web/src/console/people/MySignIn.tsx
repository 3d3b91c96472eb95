import { useContext } from "preact/hooks";
import type { Desk } from "../../core/desk.js";
import { SaveBar } from "../../ui/form/SaveBar.js";
import { TextInput } from "../../ui/form/TextInput.js";
import { useForm } from "../../ui/form/useForm.js";
import { ToastContext } from "../../ui/toasts.js";
import { PageBody } from "../settings/PageBody.js";
import type { SettingsPageProps } from "../settings/pages.js";
import { useLoad } from "../useLoad.js";
import { SecondFactorSection } from "../signin/SecondFactorSection.js";
import { PasswordField } from "./PasswordField.js";
import "./people.css";
import { Sessions } from "./Sessions.js";
import { a } from "./accountWords.js";
import { p } from "./strings.js";

/** How one signs in oneself: name, password, second step, and where one is signed in. */
export function MySignIn({ desk }: SettingsPageProps) {
  return (
    <PageBody title={p.account} intro={a.accountPage.intro}>
      <div class="people-page">
        <You desk={desk} />
        <Password desk={desk} />
        <SecondFactorSection call={desk.call} />
        <Sessions desk={desk} />
      </div>
    </PageBody>
  );
}

function You({ desk }: { desk: Desk }) {
  const toasts = useContext(ToastContext);
  const form = useForm({
    stored: { name: desk.user.name },
    onSave: async ({ name }) => {
      await desk.call("AuthService/UpdateProfile", { name });
      toasts.show({ text: a.accountPage.saved });
    },
  });
  return (
    <section class="form-section">
      <h2>{a.accountPage.you}</h2>
      <div class="form-row">
        <TextInput
          label={a.accountPage.name}
          help={a.accountPage.nameHelp}
          required
          maxLength={100}
          autocomplete="name"
          value={form.values.name}
          fault={form.faults.name}
          onInput={(name) => form.set({ name })}
        />
        <TextInput label={a.accountPage.email} value={desk.user.email} disabled onInput={() => undefined} />
      </div>
      <SaveBar dirty={form.dirty} busy={form.busy} fault={form.fault} onSave={() => void form.save()} onDiscard={form.discard} />
    </section>
  );
}

function Password({ desk }: { desk: Desk }) {
  const toasts = useContext(ToastContext);
  const empty = { oldPassword: "", newPassword: "" };
  const form = useForm({
    stored: empty,
    guarded: false,
    onSave: async (values) => {
      await desk.call("AuthService/ChangePassword", values);
      toasts.show({ text: a.accountPage.changed });
      form.reset(empty);
    },
  });
  const rules = useLoad(() => desk.call("AuthService/GetPasswordRules", {}), [desk]);
  const ready = form.values.oldPassword !== "" && form.values.newPassword !== "";
  return (
    <section class="form-section" data-testid="change-password">
      <h2>{a.accountPage.password}</h2>
      <form
        class="form"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          void form.save();
        }}
      >
        {/* For password managers: whose password it is. */}
        <input class="sr" type="email" name="email" autocomplete="username" value={desk.user.email} readOnly tabIndex={-1} aria-hidden="true" />
        <PasswordField
          label={a.accountPage.old}
          name="old"
          value={form.values.oldPassword}
          fault={form.faults.oldPassword}
          onInput={(oldPassword) => form.set({ oldPassword })}
        />
        <PasswordField
          label={a.accountPage.fresh}
          name="new"
          {...(rules.data?.passwordMin ? { min: rules.data.passwordMin } : {})}
          fresh
          value={form.values.newPassword}
          fault={form.faults.newPassword}
          onInput={(newPassword) => form.set({ newPassword })}
        />
        {form.fault && (
          <p class="form-fault" role="alert">
            {form.fault}
          </p>
        )}
        <button type="submit" class="btn people-start" disabled={form.busy || !ready}>
          {a.accountPage.change}
        </button>
      </form>
    </section>
  );
}
