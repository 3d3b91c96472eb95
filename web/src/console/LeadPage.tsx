import { ArrowLeft, CircleAlert, MessagesSquare } from "lucide-preact";
import { useEffect, useMemo, useState } from "preact/hooks";
import type { Desk } from "../core/desk.js";
import { LeadView } from "../core/leadview.js";
import { Avatar } from "../ui/Avatar.js";
import { ChannelMark } from "../ui/ChannelMark.js";
import { ConversationPane } from "../ui/ConversationPane.js";
import { EmptyState } from "../ui/EmptyState.js";
import { phone } from "../ui/format.js";
import { IconButton } from "../ui/IconButton.js";
import { Phone } from "../ui/Phone.js";
import { Skeleton } from "../ui/Skeleton.js";
import { s } from "../ui/strings.js";
import { errorText } from "../ui/toasts.js";
import { EraseLead } from "./data/EraseLead.js";
import { LeadChoices } from "./LeadChoices.js";
import { LeadDetails } from "./leads/LeadDetails.js";
import "./LeadPage.css";
import { MergeLead } from "./merge/MergeLead.js";
import { go, paths } from "./router.js";
import { WidgetHost } from "./WidgetHost.js";
import { localTime } from "./zones.js";
import { c } from "./strings.js";

const roomy = matchMedia("(min-width: 900px)");

/** One lead: who it is, how to reach it, and what was said. */
export function LeadPage({ desk, id }: { desk: Desk; id: string }) {
  const view = useMemo(() => new LeadView(desk, id), [desk, id]);
  const [chosen, setChosen] = useState("");
  useEffect(() => void view.load(), [view]);
  const lead = view.lead.value;
  const there = lead && localTime(lead.identifiers, desk.now.value);
  const partOf = view.record.value?.mergedIntoId ?? "";
  // Whoever follows an old link comes to the lead that this one is part of now.
  useEffect(() => {
    if (partOf !== "") go(paths.lead(partOf), true);
  }, [partOf]);
  const first = view.choices.value.find((choice) => choice.chat)?.chat?.id ?? "";
  const conversation = chosen || first;
  const title = lead ? lead.name || s.unknownLead : s.lead.title;
  const unread = desk.unreadMine.value;
  useEffect(() => {
    document.title = c.console.titleOf(title, unread);
  }, [title, unread]);
  useEffect(() => {
    if (!lead) return undefined;
    desk.active.value = conversation;
    return () => {
      desk.active.value = "";
    };
  }, [lead, conversation]);

  if (view.error.value) {
    return (
      <EmptyState icon={CircleAlert} title={s.lead.failed} text={errorText(view.error.value)}>
        <button type="button" class="btn" onClick={() => void view.load()}>
          {s.tryAgain}
        </button>
      </EmptyState>
    );
  }
  const open = (conversationId: string) => {
    if (roomy.matches) setChosen(conversationId);
    else go(paths.conversation(conversationId));
  };
  return (
    <div class="lead-page">
      <div class="lead-page-thread">
        {conversation && roomy.matches ? (
          <LeadThread key={conversation} desk={desk} id={conversation} onOpen={open} />
        ) : (
          lead && <EmptyState icon={MessagesSquare} title={s.lead.noConversations} text={s.lead.noConversationsHelp} />
        )}
      </div>
      <section class="lead-page-facts scroll" aria-label={s.lead.details}>
        <IconButton icon={ArrowLeft} label={c.console.leads} class="lead-page-back" onClick={() => go(paths.leads)} />
        {lead ? (
          <>
            <div class="lead-head">
              <Avatar name={lead.name} id={lead.id} size="large" />
              <h1 data-testid="lead-name">{lead.name || s.unknownLead}</h1>
              {lead.stage && <span class="tag">{lead.stage}</span>}
              {there && (
                <span class="meta num" data-testid="local-time">
                  {s.lead.localTime} {there}
                </span>
              )}
            </div>
            <LeadChoices view={view} now={desk.now} current={conversation} onOpen={open} />
            <LeadDetails desk={desk} view={view} />
            <div class="lead-page-actions">
              {view.record.value && (
                <MergeLead
                  desk={desk}
                  lead={view.record.value}
                  onChanged={(leadId) => (leadId === id ? void view.load() : go(paths.lead(leadId)))}
                />
              )}
              <EraseLead desk={desk} leadId={id} onErased={() => go(paths.leads)} />
            </div>
          </>
        ) : (
          <Skeleton shape="lines" count={8} />
        )}
      </section>
      <WidgetHost leadId={id} />
    </div>
  );
}

function LeadThread({ desk, id, onOpen }: { desk: Desk; id: string; onOpen(id: string): void }) {
  const view = useMemo(() => desk.view(id), [desk, id]);
  const data = view.chat.value?.data.value;
  return (
    <ConversationPane
      view={view}
      takeFocus={false}
      onOpen={onOpen}
      header={
        <header class="pane-head">
          {data && (
            <h2 class="lead-page-channel num">
              <ChannelMark channel={data.channel} />
              <Phone value={data.identifier.value} />
              <span class="meta">{s.picker.via(data.sender.label || phone(data.sender.address))}</span>
            </h2>
          )}
        </header>
      }
    />
  );
}
