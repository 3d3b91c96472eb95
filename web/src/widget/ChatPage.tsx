import { ArrowLeft, Maximize2, Minimize2, X } from "lucide-preact";
import { useMemo } from "preact/hooks";
import type { Desk } from "../core/desk.js";
import { LeadView } from "../core/leadview.js";
import { Avatar } from "../ui/Avatar.js";
import { ConversationMenu } from "../ui/ConversationMenu.js";
import { ConversationPane } from "../ui/ConversationPane.js";
import { IconButton } from "../ui/IconButton.js";
import { NumberPicker } from "../ui/NumberPicker.js";
import { s } from "../ui/strings.js";
import type { WidgetState } from "./state.js";
import { w } from "./strings.js";

export interface ChatPageProps {
  desk: Desk;
  state: WidgetState;
  id: string;
  leadURL(leadId: string): string;
}

/** One conversation in the pop-up. */
export function ChatPage({ desk, state, id, leadURL }: ChatPageProps) {
  const view = useMemo(() => desk.view(id), [desk, id]);
  const data = view.chat.value?.data.value;
  const leadId = data?.leadId ?? "";
  const lead = useMemo(() => new LeadView(desk, leadId), [desk, leadId]);
  const name = data?.leadName || (data ? s.unknownLead : "");
  const open = (conversationId: string) => (state.page.value = { kind: "chat", id: conversationId });
  const { expanded } = state;
  return (
    <ConversationPane
      key={id}
      view={view}
      takeFocus={matchMedia("(pointer: fine)").matches}
      onOpen={open}
      header={
        <header class="pane-head chat-head">
          <IconButton icon={ArrowLeft} label={s.back} class="chat-back" onClick={() => (state.page.value = { kind: "list" })} testId="back" />
          {data && <Avatar name={data.leadName} id={leadId} size="small" />}
          <div class="pane-title">
            {data && (
              <>
                <a
                  class="pane-name clip"
                  href={leadURL(leadId)}
                  target="_blank"
                  rel="noopener"
                  aria-label={w.leadPage(name)}
                  title={s.lead.openPage}
                  data-testid="lead-link"
                >
                  {name}
                </a>
                <NumberPicker conversation={data} lead={lead} now={desk.now} onOpen={open} />
              </>
            )}
          </div>
          <ConversationMenu desk={desk} view={view} onLeave={() => (state.page.value = { kind: "list" })} />
          <IconButton
            icon={expanded.value ? Minimize2 : Maximize2}
            label={expanded.value ? w.shrink : w.expand}
            class="chat-expand"
            onClick={() => state.setExpanded(!expanded.value)}
            testId="expand"
          />
          <IconButton icon={X} label={s.close} class="chat-close" onClick={() => state.setOpen(false)} testId="close" />
        </header>
      }
    />
  );
}
