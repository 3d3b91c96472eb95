import { ArrowLeft, CircleAlert, X } from "lucide-preact";
import { useContext, useEffect, useMemo, useState } from "preact/hooks";
import type { Desk } from "../core/desk.js";
import { asApiError } from "../core/error.js";
import { LeadView, type Choice } from "../core/leadview.js";
import { Avatar } from "../ui/Avatar.js";
import { ChoiceList } from "../ui/ChoiceList.js";
import { EmptyState } from "../ui/EmptyState.js";
import { IconButton } from "../ui/IconButton.js";
import { Skeleton } from "../ui/Skeleton.js";
import { s } from "../ui/strings.js";
import { errorText, ToastContext } from "../ui/toasts.js";
import type { WidgetState } from "./state.js";
import { w } from "./strings.js";

export interface LeadPageProps {
  desk: Desk;
  state: WidgetState;
  id: string;
  leadURL(leadId: string): string;
}

/** The ways to talk to one lead. */
export function LeadPage({ desk, state, id, leadURL }: LeadPageProps) {
  const view = useMemo(() => new LeadView(desk, id), [desk, id]);
  const toasts = useContext(ToastContext);
  const [busy, setBusy] = useState<string>();
  useEffect(() => void view.load(), [view]);
  const lead = view.lead.value;
  const pick = async (choice: Choice) => {
    setBusy(choice.key);
    try {
      state.page.value = { kind: "chat", id: await view.start(choice) };
    } catch (thrown) {
      toasts.fail(asApiError(thrown));
    } finally {
      setBusy(undefined);
    }
  };
  return (
    <div class="page page-lead" data-testid="lead-choices">
      <header class="pane-head chat-head">
        <IconButton icon={ArrowLeft} label={s.back} class="chat-back" onClick={() => (state.page.value = { kind: "list" })} testId="back" />
        {lead && <Avatar name={lead.name} id={lead.id} size="small" />}
        <div class="pane-title">
          {lead && (
            <a class="pane-name clip" href={leadURL(id)} target="_blank" rel="noopener" aria-label={w.leadPage(lead.name)}>
              {lead.name || s.unknownLead}
            </a>
          )}
        </div>
        <IconButton icon={X} label={s.close} class="chat-close" onClick={() => state.setOpen(false)} testId="close" />
      </header>
      <div class="scroll page-scroll">
        {view.error.value ? (
          <EmptyState icon={CircleAlert} title={s.lead.failed} text={errorText(view.error.value)}>
            <button type="button" class="btn" onClick={() => void view.load()}>
              {s.tryAgain}
            </button>
          </EmptyState>
        ) : lead ? (
          <ChoiceList choices={view.choices.value} now={desk.now.value} {...(busy ? { busy } : {})} onPick={(choice) => void pick(choice)} />
        ) : (
          <Skeleton shape="lines" />
        )}
      </div>
    </div>
  );
}
