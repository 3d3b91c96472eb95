import { Maximize2, Minimize2, X } from "lucide-preact";
import { useMemo, useRef, useState } from "preact/hooks";
import type { Filter } from "../core/chatlist.js";
import type { Desk } from "../core/desk.js";
import { LeadSearch } from "../core/leadsearch.js";
import { ConversationList } from "../ui/ConversationList.js";
import { IconButton } from "../ui/IconButton.js";
import { LeadSearchBox } from "../ui/LeadSearchBox.js";
import { Segmented } from "../ui/Segmented.js";
import { s } from "../ui/strings.js";
import type { WidgetState } from "./state.js";

/** The conversations, and the way to any lead. */
export function ListPage({ desk, state }: { desk: Desk; state: WidgetState }) {
  const search = useMemo(() => new LeadSearch(desk.env.clock, desk.call), [desk]);
  const input = useRef<HTMLInputElement>(null);
  const [searching, setSearching] = useState(false);
  const [filter, setFilter] = useState<Filter>("all");
  const page = state.page.value;
  const list = desk.lists[filter];
  const choose = (next: Filter) => {
    setFilter(next);
    void desk.lists[next].open();
  };
  return (
    <div class="page page-list">
      <header class="pane-head">
        <h2 class="grow">{s.widget.title}</h2>
        <IconButton
          icon={state.expanded.value ? Minimize2 : Maximize2}
          label={state.expanded.value ? s.widget.shrink : s.widget.expand}
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
          <Segmented
            label={s.list.filters}
            value={filter}
            onChange={choose}
            testId="filters"
            options={[
              { value: "all", label: s.list.all },
              { value: "mine", label: s.list.mine },
              { value: "unread", label: s.list.unread, count: desk.unreadMine.value },
            ]}
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
