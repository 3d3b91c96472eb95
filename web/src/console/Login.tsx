import { Building2, Eye, EyeOff, Smartphone } from "lucide-preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { asApiError } from "../core/error.js";
import type { Session } from "../core/session.js";
import { Avatar } from "../ui/Avatar.js";
import { Icon } from "../ui/Icon.js";
import { IconButton } from "../ui/IconButton.js";
import { s } from "../ui/strings.js";
import { errorText } from "../ui/toasts.js";
import { words as accessWords } from "./access/strings.js";
import { demo, type DemoLogin } from "./demo.js";
import "./Login.css";
import { LoginScene } from "./LoginScene.js";
import { Mark } from "./Mark.js";
import { CodeStep } from "./signin/CodeStep.js";
import { lockedText } from "./signin/locked.js";
import { words } from "./signin/strings.js";
import { useReturn } from "./signin/useReturn.js";
import { c } from "./strings.js";

/** Who a demo user is, in a few words. */
function loginRole({ role, masked, org }: DemoLogin): string {
  if (masked) return accessWords.loginMasked(s.role(role));
  return org === "second" ? accessWords.loginSecond(s.role(role)) : s.role(role);
}

export function Login({ session }: { session: Session }) {
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  const [shown, setShown] = useState(false);
  const [busy, setBusy] = useState(false);
  const [fault, setFault] = useState("");
  const button = useRef<HTMLButtonElement>(null);
  const asksForCode = session.state.value.kind === "code";
  useEffect(() => {
    document.title = c.console.titleOf(asksForCode ? words.code.title : c.login.title, 0);
  }, [asksForCode]);
  useReturn(session, setFault);

  const submit = async (event: Event) => {
    event.preventDefault();
    setBusy(true);
    setFault("");
    try {
      await session.logIn(email.trim(), password);
    } catch (thrown) {
      setFault(faultText(thrown));
    }
    setBusy(false);
  };
  const singleSignOn = async () => {
    setFault("");
    if (email.trim() === "") return setFault(words.sso.needsEmail);
    setBusy(true);
    try {
      const { url } = await session.call("AuthService/StartSingleSignOn", { email: email.trim() });
      if (url) location.assign(url);
    } catch (thrown) {
      setFault(faultText(thrown));
      setBusy(false);
    }
  };
  const over = (reason: string) => {
    session.startOver();
    setFault(reason);
    setPassword("");
  };
  const use = (login: DemoLogin) => {
    setEmail(login.email);
    setPassword(login.password);
    setFault("");
    button.current?.focus();
  };

  return (
    <main class="login">
      <LoginScene />
      <div class="login-side">
        <div class="login-box">
          <div class="login-brand">
            <Mark size={40} />
            <span>{s.product}</span>
          </div>
          {asksForCode ? (
            <CodeStep session={session} onOver={over} />
          ) : (
            <>
              <h1 class="login-title">{c.login.title}</h1>
              <form class="login-form" onSubmit={(event) => void submit(event)} data-testid="login-form">
                <label class="form-field">
                  <span class="form-label">{c.login.email}</span>
                  <input
                    class="field"
                    type="email"
                    name="email"
                    autocomplete="username"
                    required
                    autofocus
                    value={email}
                    onInput={(event) => setEmail(event.currentTarget.value)}
                  />
                </label>
                <div class="form-field">
                  <label class="form-label" for="login-password">
                    {c.login.password}
                  </label>
                  <span class="login-password">
                    <input
                      id="login-password"
                      class="field"
                      type={shown ? "text" : "password"}
                      name="password"
                      autocomplete="current-password"
                      required
                      aria-invalid={fault !== ""}
                      aria-describedby="login-fault"
                      value={password}
                      onInput={(event) => setPassword(event.currentTarget.value)}
                    />
                    <IconButton
                      icon={shown ? EyeOff : Eye}
                      label={shown ? c.login.hidePassword : c.login.showPassword}
                      onClick={() => setShown(!shown)}
                    />
                  </span>
                </div>
                <p id="login-fault" class="form-fault" role="alert">
                  {fault}
                </p>
                <button ref={button} type="submit" class="btn primary login-submit" disabled={busy}>
                  {busy ? c.login.busy : c.login.submit}
                </button>
                <button type="button" class="btn login-submit" disabled={busy} onClick={() => void singleSignOn()}>
                  {words.sso.button}
                </button>
              </form>
            </>
          )}
          {demo.value && !asksForCode && (
            <section class="login-demo" aria-labelledby="demo-title" data-testid="demo-logins">
              <h2 id="demo-title">{c.login.demo}</h2>
              <p class="meta">{c.login.demoHelp}</p>
              <ul>
                {demo.value.logins.map((login) => (
                  <li key={login.email}>
                    <button type="button" class="login-account" aria-pressed={email === login.email} onClick={() => use(login)}>
                      <Avatar name={login.name} id={login.email} size="small" />
                      <span class="grow">
                        <span class="login-name clip">{login.name}</span>
                        <span class="meta">{loginRole(login)}</span>
                      </span>
                    </button>
                  </li>
                ))}
              </ul>
              {demo.value.sandboxUrl && (
                <a class="login-handsets" href={demo.value.sandboxUrl} target="_blank" rel="noopener">
                  <Icon of={Smartphone} /> {c.login.handsets}
                </a>
              )}
              {demo.value.hostUrl && (
                <a class="login-handsets" href={demo.value.hostUrl} target="_blank" rel="noopener">
                  <Icon of={Building2} /> {c.login.host}
                </a>
              )}
            </section>
          )}
        </div>
      </div>
    </main>
  );
}

function faultText(thrown: unknown): string {
  const error = asApiError(thrown);
  return error.retryAt ? lockedText(error.retryAt) : errorText(error);
}
