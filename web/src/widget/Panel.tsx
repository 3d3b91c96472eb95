import { MessagesSquare } from "lucide-preact";
import { useEffect, useRef } from "preact/hooks";
import type { Desk } from "../core/desk.js";
import type { Session } from "../core/session.js";
import { ConnectionBanner } from "../ui/ConnectionBanner.js";
import { EmptyState } from "../ui/EmptyState.js";
import { s } from "../ui/strings.js";
import { ToastArea } from "../ui/ToastArea.js";
import { ToastContext, useToasts } from "../ui/toasts.js";
import { useNotices } from "../ui/useNotices.js";
import { ChatPage } from "./ChatPage.js";
import { Gate } from "./Gate.js";
import { LeadPage } from "./LeadPage.js";
import { ListPage } from "./ListPage.js";
import { PhonePage } from "./PhonePage.js";
import type { WidgetState } from "./state.js";

export interface PanelProps {
  session: Session;
  state: WidgetState;
  /** Where the console lives. */
  origin: string;
}

/** The pop-up. List and thread are two pages side by side; which one is in sight slides. */
export function Panel({ session, state, origin }: PanelProps) {
  const { value: who } = session.state;
  const box = useRef<HTMLElement>(null);
  const toasts = useToasts(who.kind === "in" ? who.desk : undefined);
  useEffect(() => box.current?.focus({ preventScroll: true }), []);
  return (
    <ToastContext.Provider value={toasts}>
      <section
        ref={box}
        class={`panel ${state.expanded.value ? "panel-full" : ""}`}
        role="dialog"
        aria-label={s.product}
        tabIndex={-1}
        data-testid="widget-panel"
        onKeyDown={(event) => {
          if (event.key !== "Escape" || event.defaultPrevented) return;
          event.stopPropagation();
          if (state.expanded.value) state.setExpanded(false);
          else state.setOpen(false);
        }}
      >
        {who.kind === "in" ? (
          <Pages desk={who.desk} state={state} origin={origin} />
        ) : (
          <Gate session={session} state={state} origin={origin} />
        )}
        <ToastArea toasts={toasts} />
      </section>
    </ToastContext.Provider>
  );
}

function Pages({ desk, state, origin }: { desk: Desk; state: WidgetState; origin: string }) {
  const page = state.page.value;
  const leadURL = (id: string) => `${origin}/leads/${id}`;
  const second = page.kind !== "list";
  const both = state.expanded.value;
  useNotices(desk, (id) => (state.page.value = { kind: "chat", id }));
  useEffect(() => {
    desk.active.value = page.kind === "chat" ? page.id : "";
    return () => {
      desk.active.value = "";
    };
  }, [desk, page]);
  return (
    <>
      <ConnectionBanner health={desk.health} closedBy={desk.socket.closedBy} onReload={() => desk.socket.start()} />
      <div class={`pages ${second ? "pages-second" : ""}`}>
        <section class="pages-side" inert={second && !both}>
          <ListPage desk={desk} state={state} />
        </section>
        <section class="pages-side" inert={!second && !both}>
          {page.kind === "chat" && <ChatPage key={page.id} desk={desk} state={state} id={page.id} leadURL={leadURL} />}
          {page.kind === "lead" && <LeadPage key={page.id} desk={desk} state={state} id={page.id} leadURL={leadURL} />}
          {page.kind === "phone" && <PhonePage key={page.phone} desk={desk} state={state} phone={page.phone} />}
          {page.kind === "list" && both && <EmptyState icon={MessagesSquare} title={s.thread.pick} text={s.thread.pickHelp} />}
        </section>
      </div>
    </>
  );
}
