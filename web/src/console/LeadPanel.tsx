import { CircleAlert, X } from "lucide-preact";
import type { RefObject } from "preact";
import { useEffect, useRef } from "preact/hooks";
import type { Desk } from "../core/desk.js";
import type { LeadView } from "../core/leadview.js";
import { Avatar } from "../ui/Avatar.js";
import { EmptyState } from "../ui/EmptyState.js";
import { IconButton } from "../ui/IconButton.js";
import { Skeleton } from "../ui/Skeleton.js";
import { s } from "../ui/strings.js";
import { errorText } from "../ui/toasts.js";
import { LeadChoices } from "./LeadChoices.js";
import { LeadFacts } from "./LeadFacts.js";
import "./LeadPanel.css";
import { paths } from "./router.js";
import { c } from "./strings.js";

export interface LeadPanelProps {
  desk: Desk;
  view: LeadView;
  /** The conversation on screen. */
  current: string;
  onOpen(conversationId: string): void;
  onClose(): void;
}

/** Who one is talking to, beside the thread; a drawer where there is no room. */
export function LeadPanel({ desk, view, current, onOpen, onClose }: LeadPanelProps) {
  useEffect(() => {
    void view.load();
    return view.follow();
  }, [view]);
  const panel = useRef<HTMLElement>(null);
  useDrawer(panel);
  // The drawer covers what was chosen in it.
  const choose = (conversationId: string) => {
    if (narrow.matches) onClose();
    onOpen(conversationId);
  };
  const lead = view.lead.value;
  return (
    <>
      <div class="panel-scrim" onClick={onClose} />
      <aside
        ref={panel}
        class="lead-panel scroll"
        tabIndex={-1}
        aria-label={s.lead.title}
        data-testid="lead-panel"
        onKeyDown={(event) => {
          if (event.key !== "Escape") return;
          event.stopPropagation();
          onClose();
        }}
      >
        <IconButton icon={X} label={c.console.hideLead} class="lead-panel-close" onClick={onClose} />
        {view.error.value && (
          <EmptyState icon={CircleAlert} title={s.lead.failed} text={errorText(view.error.value)}>
            <button type="button" class="btn" onClick={() => void view.load()}>
              {s.tryAgain}
            </button>
          </EmptyState>
        )}
        {!lead && !view.error.value && <Skeleton shape="lines" count={8} />}
        {lead && (
          <>
            <div class="lead-head">
              <Avatar name={lead.name} id={lead.id} size="large" />
              <h2>{lead.name || s.unknownLead}</h2>
              {lead.stage && <span class="tag">{lead.stage}</span>}
              <a class="link" href={paths.lead(lead.id)}>
                {s.lead.openPage}
              </a>
            </div>
            <LeadFacts desk={desk} lead={lead} />
            <LeadChoices view={view} now={desk.now} current={current} onOpen={choose} />
          </>
        )}
      </aside>
    </>
  );
}

const narrow = matchMedia("(max-width: 899.9px)");

/** Over the thread it takes the focus and gives it back; beside it, it leaves it where it is. */
function useDrawer(panel: RefObject<HTMLElement>): void {
  useEffect(() => {
    if (!narrow.matches) return undefined;
    const before = document.activeElement;
    panel.current?.focus({ preventScroll: true });
    return () => {
      if (before instanceof HTMLElement && before.isConnected) before.focus({ preventScroll: true });
    };
  }, [panel]);
}
