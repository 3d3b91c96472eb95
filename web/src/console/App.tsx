import { ServerOff } from "lucide-preact";
import { useEffect } from "preact/hooks";
import type { Session } from "../core/session.js";
import { EmptyState } from "../ui/EmptyState.js";
import { later } from "../ui/later.js";
import { s } from "../ui/strings.js";
import { ToastArea } from "../ui/ToastArea.js";
import { ToastContext, useToasts } from "../ui/toasts.js";
import { go, paths, route } from "./router.js";
import { Shell } from "./Shell.js";

const Login = later(() => import("./Login.js").then((m) => m.Login));
const Welcome = later(() => import("./people/Welcome.js").then((m) => m.Welcome));
const EnrolPage = later(() => import("./signin/EnrolPage.js").then((m) => m.EnrolPage));

/** The console: the sign-in page, or everything behind it. */
export function App({ session }: { session: Session }) {
  const { value: who } = session.state;
  const toasts = useToasts(who.kind === "in" ? who.desk : undefined);
  const atLogin = route.value.name === "login";
  // Whoever follows an invitation is nobody yet, or somebody else.
  const atWelcome = route.value.name === "welcome";
  useEffect(() => {
    if (who.kind === "out" && !atLogin && !atWelcome) {
      // After signing in the user goes on where the link led.
      sessionStorage.setItem("converse:after", location.pathname);
      go(paths.login, true);
    }
    if (who.kind === "in" && atLogin) {
      go(sessionStorage.getItem("converse:after") ?? paths.inbox, true);
      sessionStorage.removeItem("converse:after");
    }
  }, [who.kind, atLogin, atWelcome]);
  return (
    <ToastContext.Provider value={toasts}>
      {atWelcome && <Welcome session={session} />}
      {who.kind === "in" && !atLogin && !atWelcome && <Shell desk={who.desk} session={session} />}
      {(who.kind === "out" || who.kind === "code") && !atWelcome && <Login session={session} />}
      {who.kind === "enrol" && !atWelcome && <EnrolPage session={session} user={who.user} org={who.org} />}
      {who.kind === "unreachable" && !atWelcome && (
        <main class="alone">
          <EmptyState whole icon={ServerOff} title={s.unreachable} text={s.noAnswer}>
            <button type="button" class="btn primary" onClick={() => void session.resume()}>
              {s.tryAgain}
            </button>
          </EmptyState>
        </main>
      )}
      <ToastArea toasts={toasts} />
    </ToastContext.Provider>
  );
}
