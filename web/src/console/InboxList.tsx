import { Smartphone } from "lucide-preact";
import type { Signal } from "@preact/signals";
import { useContext, useMemo, useRef, useState } from "preact/hooks";
import type { Filter } from "../core/chatlist.js";
import type { Desk } from "../core/desk.js";
import { LeadSearch } from "../core/leadsearch.js";
import { LeadView, type Choice } from "../core/leadview.js";
import { asApiError } from "../core/error.js";
import type { Channel, Lead } from "../core/model.js";
import { ChoiceList } from "../ui/ChoiceList.js";
import { ConversationList } from "../ui/ConversationList.js";
import { Dialog } from "../ui/Dialog.js";
import { FilterBar } from "../ui/FilterBar.js";
import { Icon } from "../ui/Icon.js";
import { LeadSearchBox } from "../ui/LeadSearchBox.js";
import { s } from "../ui/strings.js";
import { ToastContext } from "../ui/toasts.js";
import { demo } from "./demo.js";
import { go, paths } from "./router.js";
import { OfferBanner } from "./routing/OfferBanner.js";
import { c } from "./strings.js";

export interface InboxListProps {
  desk: Desk;
  filter: Signal<Filter>;
  channel: Signal<Channel | "">;
  selected: string;
}

/** The conversations, their filters, and the search that begins new ones. */
export function InboxList({ desk, filter, channel, selected }: InboxListProps) {
  const search = useMemo(() => new LeadSearch(desk.env.clock, desk.call), [desk]);
  const toasts = useContext(ToastContext);
  const input = useRef<HTMLInputElement>(null);
  const [searching, setSearching] = useState(false);
  const [asking, setAsking] = useState<LeadView>();
  const list = desk.list(filter.value, channel.value);

  const start = async (view: LeadView, choice: Choice) => {
    try {
      go(paths.conversation(await view.start(choice)));
      setAsking(undefined);
    } catch (thrown) {
      toasts.fail(asApiError(thrown));
    }
  };
  // One way to reach the lead needs no question.
  const pick = async (lead: Lead) => {
    const view = new LeadView(desk, lead.id);
    await view.load();
    const [first] = view.choices.value;
    if (view.error.value) toasts.fail(view.error.value);
    else if (first && view.choices.value.length === 1) await start(view, first);
    else setAsking(view);
  };

  return (
    <section class="inbox-list" aria-label={s.list.title}>
      <h1 class="sr">{s.list.title}</h1>
      <div class={`inbox-tools ${searching ? "inbox-searching" : ""}`}>
        <LeadSearchBox search={search} input={input} active={searching} onActive={setSearching} onPick={(lead) => void pick(lead)} />
        {!searching && (
          <FilterBar
            filter={filter.value}
            channel={channel.value}
            counts={desk.counts}
            onFilter={(next) => {
              filter.value = next;
              void desk.list(next, channel.value).open();
            }}
            onChannel={(next) => {
              channel.value = next;
              void desk.list(filter.value, next).open();
            }}
          />
        )}
      </div>
      {!searching && <OfferBanner desk={desk} />}
      {!searching && (
        <ConversationList
          rows={list.rows}
          state={list.state}
          now={desk.now}
          filter={filter.value}
          selected={selected}
          draftOf={(id) => desk.drafts.of(id)}
          repliersOf={(id) => desk.presence.repliers(id)}
          hrefOf={paths.conversation}
          onOpen={(id) => go(paths.conversation(id))}
          onMore={() => void list.loadMore()}
          onRetry={() => void list.open()}
          emptyAction={
            <button type="button" class="btn primary" onClick={() => input.current?.focus()}>
              {s.list.findLead}
            </button>
          }
        />
      )}
      {demo.value?.sandboxUrl && !searching && (
        <a class="inbox-demo" href={demo.value.sandboxUrl} target="_blank" rel="noopener" data-testid="handsets">
          <Icon of={Smartphone} />
          {c.login.handsets}
        </a>
      )}
      {asking && (
        <Dialog title={asking.lead.value?.name || s.unknownLead} onClose={() => setAsking(undefined)} testId="lead-choices">
          <ChoiceList choices={asking.choices.value} now={desk.now.value} onPick={(choice) => void start(asking, choice)} />
        </Dialog>
      )}
    </section>
  );
}
