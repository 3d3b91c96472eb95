import { Maximize2, Minimize2, X } from "lucide-preact";
import { useMemo, useRef, useState } from "preact/hooks";
import type { Filter } from "../core/chatlist.js";
import type { Desk } from "../core/desk.js";
import { LeadSearch } from "../core/leadsearch.js";
import type { Channel } from "../core/model.js";
import { ConversationList } from "../ui/ConversationList.js";
import { FilterBar } from "../ui/FilterBar.js";
import { IconButton } from "../ui/IconButton.js";
import { LeadSearchBox } from "../ui/LeadSearchBox.js";
import { s } from "../ui/strings.js";
import type { WidgetState } from "./state.js";
import { w } from "./strings.js";

/** The conversations, and the way to any lead. */
export function ListPage({ desk, state }: { desk: Desk; state: WidgetState }) {
  const search = useMemo(() => new LeadSearch(desk.env.clock, desk.call), [desk]);
  const input = useRef<HTMLInputElement>(null);
  const [searching, setSearching] = useState(false);
  const [filter, setFilter] = useState<Filter>("all");
  const page = state.page.value;
  const [channel, setChannel] = useState<Channel | "">("");
  const list = desk.list(filter, channel);
  const choose = (next: Filter, over: Channel | "") => {
    setFilter(next);
    setChannel(over);
    void desk.list(next, over).open();
  };
  return (
    <div class="page page-list">
      <header class="pane-head">
        <h2 class="grow">{w.title}</h2>
        <IconButton
          icon={state.expanded.value ? Minimize2 : Maximize2}
          label={state.expanded.value ? w.shrink : w.expand}
          onClick={() => state.setExpanded(!state.expanded.value)}
          testId="expand"
        />
        <IconButton icon={X} label={s.close} onClick={() => state.setOpen(false)} testId="close" />
      </header>
      <div class={`page-tools ${searching ? "page-tools-search" : ""}`}>
        <LeadSearchBox
          search={search}
          input={input}
          active={searching}
          onActive={setSearching}
          onPick={(lead) => (state.page.value = { kind: "lead", id: lead.id })}
        />
        {!searching && (
          <FilterBar
            filter={filter}
            channel={channel}
            counts={desk.counts}
            onFilter={(next) => choose(next, channel)}
            onChannel={(next) => choose(filter, next)}
          />
        )}
      </div>
      {!searching && (
        <ConversationList
          rows={list.rows}
          state={list.state}
          now={desk.now}
          filter={filter}
          selected={page.kind === "chat" ? page.id : ""}
          draftOf={(id) => desk.drafts.of(id)}
          repliersOf={(id) => desk.presence.repliers(id)}
          onOpen={(id) => (state.page.value = { kind: "chat", id })}
          onMore={() => void list.loadMore()}
          onRetry={() => void list.open()}
          emptyAction={
            <button type="button" class="btn primary" onClick={() => input.current?.focus()}>
              {s.list.findLead}
            </button>
          }
        />
      )}
    </div>
  );
}
