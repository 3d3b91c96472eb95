import { MessagesSquare } from "lucide-preact";
import type { Signal } from "@preact/signals";
import { useContext, useEffect, useState } from "preact/hooks";
import type { Filter } from "../core/chatlist.js";
import type { Desk } from "../core/desk.js";
import type { Channel } from "../core/model.js";
import type { Tabs } from "../core/tabs.js";
import { EmptyState } from "../ui/EmptyState.js";
import { keyNames } from "../ui/keys.js";
import { s } from "../ui/strings.js";
import { ToastContext } from "../ui/toasts.js";
import { ChatArea } from "./ChatArea.js";
import { InboxList } from "./InboxList.js";
import { go, paths } from "./router.js";
import { c } from "./strings.js";
import { panelId, TabBar, tabId } from "./TabBar.js";

export interface InboxProps {
  desk: Desk;
  tabs: Tabs;
  filter: Signal<Filter>;
  channel: Signal<Channel | "">;
  /** The conversation in the address; empty for none. */
  conversation: string;
}

const wide = matchMedia("(min-width: 1200px)");

/** List left, thread beside it under the tabs of what is open, the lead at the end. */
export function Inbox({ desk, tabs, filter, channel, conversation }: InboxProps) {
  const toasts = useContext(ToastContext);
  // Came on screen because a key closed the tab before it, which must go on closing.
  const [quiet, setQuiet] = useState("");
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
  void desk.store.all.value;
  const known = desk.store.get(conversation) !== undefined;
  useEffect(() => {
    if (known && !tabs.open(conversation)) toasts.show({ text: c.tabs.full });
  }, [tabs, conversation, known]);
  useEffect(() => {
    if (quiet !== conversation) setQuiet("");
  }, [conversation]);
  const close = (id: string, byKey: boolean) => {
    const next = tabs.close(id);
    if (id !== conversation) return;
    setQuiet(byKey ? next : "");
    go(next ? paths.conversation(next) : paths.inbox);
    if (byKey && !next) document.getElementById("content")?.focus();
  };
  return (
    <div class={`inbox ${conversation ? "inbox-thread" : ""}`}>
      <InboxList desk={desk} filter={filter} channel={channel} selected={conversation} />
      <div class="inbox-desk">
        {(conversation || tabs.ids.value.length > 0) && (
          <TabBar desk={desk} tabs={tabs} current={conversation} onOpen={(id) => go(paths.conversation(id))} onClose={close} />
        )}
        {conversation ? (
          <div id={panelId} class="inbox-panel" role="tabpanel" aria-labelledby={tabId(conversation)}>
            <ChatArea key={conversation} desk={desk} id={conversation} panel={panel} takeFocus={quiet !== conversation} onPanel={setPanel} />
          </div>
        ) : (
          <div class="inbox-none">
            <EmptyState icon={MessagesSquare} title={s.thread.pick} text={s.thread.pickHelp}>
              <p class="meta">{s.thread.pickKeys(keyNames.alt, keyNames.command)}</p>
            </EmptyState>
          </div>
        )}
      </div>
    </div>
  );
}
