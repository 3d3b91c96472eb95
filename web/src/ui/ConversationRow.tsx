import { AlarmClock, AlarmClockCheck, AtSign, Clock, Lock, Pencil } from "lucide-preact";
import type { ReadonlySignal } from "@preact/signals";
import type { Writer } from "../core/presence.js";
import type { Chat } from "../core/store.js";
import { windowState } from "../core/window.js";
import { Avatar } from "./Avatar.js";
import { ChannelMark } from "./ChannelMark.js";
import { dayTime, listTime, machineTime, timeLeft } from "./format.js";
import { Icon } from "./Icon.js";
import { summarize } from "./messageSummary.js";
import { s } from "./strings.js";
import { UnreadBadge } from "./UnreadBadge.js";
import { t } from "./teamWords.js";
import { Ticks } from "./Ticks.js";

export interface ConversationRowProps {
  chat: Chat;
  now: ReadonlySignal<number>;
  draft: ReadonlySignal<string>;
  repliers: ReadonlySignal<ReadonlyMap<string, Writer>>;
  selected: boolean;
  /** Where the row leads to; without it the row is a button. */
  href?: string;
  onOpen(id: string): void;
}

export function ConversationRow({ chat, now, draft, repliers, selected, href, onOpen }: ConversationRowProps) {
  const data = chat.data.value;
  const unread = chat.unread.value;
  const name = data.leadName || s.unknownLead;
  const calls = chat.calls.value;
  const at = Math.max(chat.last.value?.message.createdAt ?? 0, data.activeAt);
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
          <Preview chat={chat} draft={selected ? "" : draft.value} writers={[...repliers.value.values()]} />
          <Marks chat={chat} now={now.value} />
          {window.kind === "closing" && (
            <span class="row-window num" title={s.list.windowLeft(timeLeft(window.until, now.value))}>
              <Icon of={Clock} />
              <span aria-hidden="true">{timeLeft(window.until, now.value)}</span>
              <span class="sr">{s.list.windowLeft(timeLeft(window.until, now.value))}</span>
            </span>
          )}
          <UnreadBadge count={unread} />
          {unread === 0 && chat.mark.value.unread && (
            <span class="row-dot">
              <span class="sr">{chat.mark.value.why === "given" ? t.mark.given : t.mark.unread}</span>
            </span>
          )}
        </span>
      </span>
    </>
  );
  const shared = {
    class: `row ${calls ? "row-unread" : ""}`,
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

/** What is to be known of a conversation at a glance: mention, snooze, return. */
function Marks({ chat, now }: { chat: Chat; now: number }) {
  const { snoozedUntil, backAt } = chat.data.value;
  const snoozed = snoozedUntil > now;
  return (
    <>
      {chat.mark.value.mentionSeq > 0 && (
        <span class="row-mark row-mark-accent" title={t.mark.mention} data-testid="mark-mention">
          <Icon of={AtSign} label={t.mark.mention} />
        </span>
      )}
      {snoozed && (
        <span class="row-mark num" title={t.snooze.short(dayTime(snoozedUntil, now))} data-testid="mark-snoozed">
          <Icon of={AlarmClock} />
          <span aria-hidden="true">{dayTime(snoozedUntil, now)}</span>
          <span class="sr">{t.snooze.short(dayTime(snoozedUntil, now))}</span>
        </span>
      )}
      {!snoozed && backAt > 0 && (
        <span class="row-mark row-mark-amber" title={t.snooze.back} data-testid="mark-back">
          <Icon of={AlarmClockCheck} label={t.snooze.back} />
        </span>
      )}
    </>
  );
}

function Preview({ chat, draft, writers }: { chat: Chat; draft: string; writers: readonly Writer[] }) {
  const last = chat.last.value;
  if (writers.length > 0) {
    return (
      <span class="row-preview clip row-replying" data-testid="row-replying">
        {t.replying(writers)}
      </span>
    );
  }
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
      {last.message.kind === "note" ? (
        <span class="row-mark row-mark-amber">
          <Icon of={Lock} label={t.note.preview} />
        </span>
      ) : (
        !last.message.inbound && !last.message.internal && <Ticks status={last.status.value} />
      )}
      <span class="clip" dir="auto">
        {summarize(last.latest)}
      </span>
    </span>
  );
}
