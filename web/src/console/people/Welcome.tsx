import { LinkIcon } from "lucide-preact";
import { useEffect, useState } from "preact/hooks";
import { asApiError, type ApiError } from "../../core/error.js";
import type { Session } from "../../core/session.js";
import type { LookUpLinkResponseJson } from "../../gen/converse/v1/people_pb.js";
import { EmptyState } from "../../ui/EmptyState.js";
import { useForm } from "../../ui/form/useForm.js";
import { s } from "../../ui/strings.js";
import { errorText } from "../../ui/toasts.js";
import "../../ui/form/form.css";
import "../Login.css";
import { LoginScene } from "../LoginScene.js";
import { Mark } from "../Mark.js";
import { go, paths } from "../router.js";
import { PasswordField } from "./PasswordField.js";
import "./people.css";
import { a } from "./accountWords.js";
import { c } from "../strings.js";

/** Where the link of an invitation or a reset leads: one chooses a password, and is signed in. */
export function Welcome({ session }: { session: Session }) {
  // The token stands behind the #, which browsers send to nobody, and does not stay in
  // the address or the history.
  const [token] = useState(() => {
    const found = location.hash.slice(1);
    history.replaceState(null, "", location.pathname);
    return found;
  });
  const [link, setLink] = useState<LookUpLinkResponseJson>();
  const [fault, setFault] = useState<ApiError>();
  useEffect(() => {
    if (token) session.call("AuthService/LookUpLink", { token }).then(setLink, (thrown: unknown) => setFault(asApiError(thrown)));
  }, [token]);
  const title = link?.kind === "reset" ? a.welcome.resetTitle : a.welcome.title(link?.orgName ?? s.product);
  useEffect(() => {
    document.title = c.console.titleOf(title, 0);
  }, [title]);
  return (
    <main class="login">
      <LoginScene />
      <div class="login-side">
        <div class="login-box">
          <div class="login-brand">
            <Mark size={40} />
            <span>{s.product}</span>
          </div>
          {fault || !token ? (
            <EmptyState
              whole
              icon={LinkIcon}
              title={a.welcome.gone}
              text={!token ? a.welcome.noToken : fault?.code === "not_found" ? a.welcome.goneText : fault && errorText(fault)}
            >
              <button type="button" class="btn" onClick={() => go(paths.login)}>
                {a.welcome.toSignIn}
              </button>
            </EmptyState>
          ) : (
            link && <Choose session={session} token={token} link={link} title={title} />
          )}
        </div>
      </div>
    </main>
  );
}

interface ChooseProps {
  session: Session;
  token: string;
  link: LookUpLinkResponseJson;
  title: string;
}

function Choose({ session, token, link, title }: ChooseProps) {
  const form = useForm({
    stored: { password: "" },
    guarded: false,
    onSave: async ({ password }) => {
      const { signedIn } = await session.call("AuthService/AcceptInvitation", { token, password });
      if (signedIn?.secondFactorRequired) session.challenged(signedIn.challenge ?? "");
      else await session.resume();
      go(session.state.value.kind === "in" ? paths.inbox : paths.login, true);
    },
  });
  return (
    <>
      <h1 class="login-title">{title}</h1>
      <p class="quiet">{a.welcome.text(link.email ?? "")}</p>
      <form
        class="login-form"
        noValidate
        data-testid="welcome-form"
        onSubmit={(event) => {
          event.preventDefault();
          void form.save();
        }}
      >
        <input class="sr" type="email" name="email" autocomplete="username" value={link.email} readOnly tabIndex={-1} aria-hidden="true" />
        <PasswordField
          label={a.welcome.password}
          name="password"
          min={link.passwordMin ?? 12}
          value={form.values.password}
          fault={form.faults.password ?? form.faults.token}
          onInput={(password) => form.set({ password })}
        />
        {form.fault && (
          <p class="form-fault" role="alert">
            {form.fault}
          </p>
        )}
        <button type="submit" class="btn primary login-submit" disabled={form.busy || form.values.password === ""}>
          {form.busy ? a.welcome.busy : link.kind === "reset" ? a.welcome.resetSubmit : a.welcome.submit}
        </button>
      </form>
    </>
  );
}
