import { useEffect } from "preact/hooks";
import type { Org, User } from "../../core/model.js";
import type { Session } from "../../core/session.js";
import { s } from "../../ui/strings.js";
import "../Login.css";
import { LoginScene } from "../LoginScene.js";
import { Mark } from "../Mark.js";
import { EnrolFlow } from "./EnrolFlow.js";
import { words } from "./strings.js";
import { c } from "../strings.js";

export interface EnrolPageProps {
  session: Session;
  user: User;
  org: Org;
}

/** All that one sees who must set up a second factor first. */
export function EnrolPage({ session, user, org }: EnrolPageProps) {
  useEffect(() => {
    document.title = c.console.titleOf(words.enrol.pageTitle, 0);
  }, []);
  return (
    <main class="login">
      <LoginScene />
      <div class="login-side">
        <div class="login-box">
          <div class="login-brand">
            <Mark size={40} />
            <span>{s.product}</span>
          </div>
          <h1 class="login-title">{words.enrol.pageTitle}</h1>
          <p class="quiet enrol-intro">{words.enrol.pageIntro(org.name)}</p>
          <EnrolFlow call={session.call} onDone={() => void session.resume()} />
          <p class="meta enrol-who">
            {user.email}{" "}
            <button type="button" class="link" onClick={() => void session.logOut()}>
              {words.enrol.signOut}
            </button>
          </p>
        </div>
      </div>
    </main>
  );
}
