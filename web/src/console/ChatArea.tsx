import { ArrowLeft, PanelRightClose, PanelRightOpen } from "lucide-preact";
import { useMemo } from "preact/hooks";
import type { Desk } from "../core/desk.js";
import { LeadView } from "../core/leadview.js";
import { Avatar } from "../ui/Avatar.js";
import { ConversationMenu } from "../ui/ConversationMenu.js";
import { ConversationPane } from "../ui/ConversationPane.js";
import { IconButton } from "../ui/IconButton.js";
import { NumberPicker } from "../ui/NumberPicker.js";
import { s } from "../ui/strings.js";
import { LeadPanel } from "./LeadPanel.js";
import { go, paths } from "./router.js";
import { c } from "./strings.js";

export interface ChatAreaProps {
  desk: Desk;
  id: string;
  /** Whether the lead is in sight beside the thread. */
  panel: boolean;
  /** Whether the composer takes the focus where there is a keyboard. */
  takeFocus: boolean;
  onPanel(open: boolean): void;
}

/** A conversation of the inbox with its lead. */
export function ChatArea({ desk, id, panel, takeFocus, onPanel }: ChatAreaProps) {
  const view = useMemo(() => desk.view(id), [desk, id]);
  const data = view.chat.value?.data.value;
  const leadId = data?.leadId ?? "";
  const lead = useMemo(() => new LeadView(desk, leadId), [desk, leadId]);
  const open = (conversationId: string) => go(paths.conversation(conversationId));
  return (
    <>
      <ConversationPane
        view={view}
        takeFocus={takeFocus && matchMedia("(pointer: fine)").matches}
        onOpen={open}
        header={
          <header class="pane-head">
            <IconButton icon={ArrowLeft} label={s.back} class="pane-back" onClick={() => go(paths.inbox)} testId="back" />
            {data && (
              <>
                <Avatar name={data.leadName} id={leadId} size="small" />
                <div class="pane-title">
                  <a class="pane-name clip" href={paths.lead(leadId)} data-testid="lead-link">
                    <h2 class="clip">{data.leadName || s.unknownLead}</h2>
                  </a>
                  <NumberPicker conversation={data} lead={lead} now={desk.now} onOpen={open} />
                </div>
                <ConversationMenu desk={desk} view={view} onLeave={() => go(paths.inbox)} />
                <IconButton
                  icon={panel ? PanelRightClose : PanelRightOpen}
                  label={panel ? c.console.hideLead : c.console.showLead}
                  onClick={() => onPanel(!panel)}
                  testId="toggle-lead"
                />
              </>
            )}
          </header>
        }
      />
      {panel && data && <LeadPanel key={leadId} desk={desk} view={lead} current={id} onOpen={open} onClose={() => onPanel(false)} />}
    </>
  );
}
