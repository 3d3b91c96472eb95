import { Clock, Pencil } from "lucide-preact";
import type { ReadonlySignal } from "@preact/signals";
import type { Chat } from "../core/store.js";
import { windowState } from "../core/window.js";
import { Avatar } from "./Avatar.js";
import { ChannelMark } from "./ChannelMark.js";
import { listTime, machineTime, timeLeft } from "./format.js";
import { Icon } from "./Icon.js";
import { summarize } from "./messageSummary.js";
import { s } from "./strings.js";
import { Ticks } from "./Ticks.js";

export interface ConversationRowProps {
  chat: Chat;
  now: ReadonlySignal<number>;
  draft: ReadonlySignal<string>;
  selected: boolean;
  /** Where the row leads to; without it the row is a button. */
  href?: string;
  onOpen(id: string): void;
}

export function ConversationRow({ chat, now, draft, selected, href, onOpen }: ConversationRowProps) {
  const data = chat.data.value;
  const unread = chat.unread.value;
  const name = data.leadName || s.unknownLead;
  const at = chat.last.value?.message.createdAt ?? 0;
  const window = windowState(data, now.value);
  const open = (event: MouseEvent) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return;
    event.preventDefault();
    onOpen(chat.id);
  };
  const content = (
    <>
      <Avatar name={data.leadName} id={data.leadId}>
        <ChannelMark channel={data.channel} silent />
      </Avatar>
      <span class="row-text">
        <span class="row-line">
          <span class="row-name clip">{name}</span>
          <span class="sr">{s.channel(data.channel)}</span>
          {at > 0 && (
            <time class="row-time num" dateTime={machineTime(at)}>
              {listTime(at, now.value)}
            </time>
          )}
        </span>
        <span class="row-line">
          <Preview chat={chat} draft={selected ? "" : draft.value} />
          {window.kind === "closing" && (
            <span class="row-window num" title={s.list.windowLeft(timeLeft(window.until, now.value))}>
              <Icon of={Clock} />
              <span aria-hidden="true">{timeLeft(window.until, now.value)}</span>
              <span class="sr">{s.list.windowLeft(timeLeft(window.until, now.value))}</span>
            </span>
          )}
          {unread > 0 && (
            <span class="badge num">
              <span aria-hidden="true">{unread > 99 ? "99+" : unread}</span>
              <span class="sr">{s.list.unreadCount(unread)}</span>
            </span>
          )}
        </span>
      </span>
    </>
  );
  const shared = {
    class: `row ${unread > 0 ? "row-unread" : ""}`,
    "aria-current": selected ? ("page" as const) : undefined,
    "data-testid": "conversation-row",
    "data-conversation": chat.id,
    "data-row": "",
    onClick: open,
  };
  return href ? (
    <a href={href} {...shared}>
      {content}
    </a>
  ) : (
    <button type="button" {...shared}>
      {content}
    </button>
  );
}

function Preview({ chat, draft }: { chat: Chat; draft: string }) {
  const last = chat.last.value;
  if (draft.trim() !== "") {
    return (
      <span class="row-preview clip">
        <span class="row-draft">
          <Icon of={Pencil} /> {s.list.draft}
        </span>{" "}
        {draft}
      </span>
    );
  }
  if (!last) return <span class="row-preview clip">{s.list.noMessages}</span>;
  return (
    <span class="row-preview clip">
      {!last.message.inbound && <Ticks status={last.status.value} />}
      <span class="clip" dir="auto">
        {summarize(last.message)}
      </span>
    </span>
  );
}
