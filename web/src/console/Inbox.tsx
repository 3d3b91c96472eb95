import { MessagesSquare } from "lucide-preact";
import type { Signal } from "@preact/signals";
import { useEffect, useState } from "preact/hooks";
import type { Filter } from "../core/chatlist.js";
import type { Desk } from "../core/desk.js";
import type { Channel } from "../core/model.js";
import { EmptyState } from "../ui/EmptyState.js";
import { keyNames } from "../ui/keys.js";
import { s } from "../ui/strings.js";
import { ChatArea } from "./ChatArea.js";
import { InboxList } from "./InboxList.js";

export interface InboxProps {
  desk: Desk;
  filter: Signal<Filter>;
  channel: Signal<Channel | "">;
  /** The conversation in the address; empty for none. */
  conversation: string;
}

const wide = matchMedia("(min-width: 1200px)");

/** List left, thread beside it, the lead at the end. */
export function Inbox({ desk, filter, channel, conversation }: InboxProps) {
  // Where there is room the lead is in sight; elsewhere it is asked for.
  const [panel, setPanel] = useState(wide.matches);
  useEffect(() => {
    const fold = () => setPanel(wide.matches);
    wide.addEventListener("change", fold);
    return () => wide.removeEventListener("change", fold);
  }, []);
  useEffect(() => {
    desk.active.value = conversation;
    return () => {
      desk.active.value = "";
    };
  }, [desk, conversation]);
  return (
    <div class={`inbox ${conversation ? "inbox-thread" : ""}`}>
      <InboxList desk={desk} filter={filter} channel={channel} selected={conversation} />
      {conversation ? (
        <ChatArea key={conversation} desk={desk} id={conversation} panel={panel} onPanel={setPanel} />
      ) : (
        <div class="inbox-none">
          <EmptyState icon={MessagesSquare} title={s.thread.pick} text={s.thread.pickHelp}>
            <p class="meta">{s.thread.pickKeys(keyNames.alt, keyNames.command)}</p>
          </EmptyState>
        </div>
      )}
    </div>
  );
}
