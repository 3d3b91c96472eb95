import { Monitor, Smartphone } from "lucide-preact";
import { useContext } from "preact/hooks";
import type { Desk } from "../../core/desk.js";
import { asApiError } from "../../core/error.js";
import type { SessionJson } from "../../gen/converse/v1/people_pb.js";
import { fullTime, pastTime } from "../../ui/format.js";
import { Icon } from "../../ui/Icon.js";
import { ToastContext } from "../../ui/toasts.js";
import { useLoad } from "../useLoad.js";
import { a } from "./accountWords.js";

/** Where a user is signed in, with the way to end it: one's own, or for an administrator a user's. */
export function Sessions({ desk, userId = "" }: { desk: Desk; userId?: string }) {
  const toasts = useContext(ToastContext);
  const { data, fault, reload } = useLoad(
    () => desk.call("AuthService/ListSessions", { userId }).then((answer) => answer.sessions ?? []),
    [desk, userId],
  );
  const fail = (thrown: unknown) => toasts.fail(asApiError(thrown));
  const end = (session: SessionJson) =>
    desk.call("AuthService/RevokeSession", { sessionId: session.id }).then(() => {
      toasts.show({ text: a.sessions.one });
      reload();
    }, fail);
  const endAll = () =>
    (userId ? desk.call("AdminService/SignOutUser", { userId }) : desk.call("AuthService/RevokeAllOthers", {})).then((answer) => {
      toasts.show({ text: a.sessions.ended(answer.ended ?? 0) });
      reload();
    }, fail);
  const others = (data ?? []).filter((session) => !session.current);
  return (
    <section class="form-section" data-testid="sessions">
      <h2>{a.sessions.title}</h2>
      <p class="quiet">{userId ? a.sessions.theirs : a.sessions.intro}</p>
      {fault ? (
        <p class="form-fault">{fault.message}</p>
      ) : !data ? null : data.length === 0 ? (
        <p class="meta">{a.sessions.empty}</p>
      ) : (
        <ul class="people-sessions">
          {data.map((session) => (
            <SessionRow key={session.id} session={session} onEnd={() => void end(session)} />
          ))}
        </ul>
      )}
      {others.length > 0 && (
        <button type="button" class="btn people-start" onClick={() => void endAll()}>
          {userId ? a.sessions.endAll : a.sessions.endOthers}
        </button>
      )}
    </section>
  );
}

function SessionRow({ session, onEnd }: { session: SessionJson; onEnd(): void }) {
  const now = Date.now();
  const seen = Date.parse(session.lastSeenAt ?? "");
  const device = session.device ?? "";
  return (
    <li class="people-session" data-testid="session">
      <Icon of={/iPhone|iPad|Android|Pixel|phone/i.test(device) ? Smartphone : Monitor} size={20} />
      <span class="grow people-names">
        <span class="people-name">
          {device} {session.via && <span class="meta">({session.via === "widget" ? a.sessions.widget : session.via})</span>}
          {session.current && <span class="tag tag-accent">{a.sessions.current}</span>}
        </span>
        <span class="meta num">
          {[
            session.address,
            Number.isNaN(seen) ? "" : a.sessions.seen(pastTime(seen, now)),
            session.createdAt ? a.sessions.since(fullTime(Date.parse(session.createdAt))) : "",
          ]
            .filter(Boolean)
            .join(" · ")}
        </span>
      </span>
      {!session.current && (
        <button type="button" class="btn small" aria-label={a.sessions.endOf(device)} onClick={onEnd}>
          {a.sessions.end}
        </button>
      )}
    </li>
  );
}
