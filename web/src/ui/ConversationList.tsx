import { CheckCheck, CircleAlert, MessagesSquare } from "lucide-preact";
import type { ReadonlySignal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { Virtualizer, type VirtualizerHandle } from "virtua";
import type { Filter, ListState } from "../core/chatlist.js";
import type { Writer } from "../core/presence.js";
import type { Chat } from "../core/store.js";
import { ConversationRow } from "./ConversationRow.js";
import { EmptyState } from "./EmptyState.js";
import { Skeleton } from "./Skeleton.js";
import { s } from "./strings.js";
import { t } from "./teamWords.js";

export interface ConversationListProps {
  rows: ReadonlySignal<readonly Chat[]>;
  state: ReadonlySignal<ListState>;
  now: ReadonlySignal<number>;
  filter: Filter;
  selected: string;
  draftOf(id: string): ReadonlySignal<string>;
  repliersOf(id: string): ReadonlySignal<ReadonlyMap<string, Writer>>;
  hrefOf?(id: string): string;
  onOpen(id: string): void;
  onMore(): void;
  onRetry(): void;
  /** The first step when there is nothing to list. */
  emptyAction?: ComponentChildren;
}

const rowHeight = 64;

export function ConversationList(props: ConversationListProps) {
  const rows = props.rows.value;
  const state = props.state.value;
  const scroller = useRef<HTMLDivElement>(null);
  const list = useRef<VirtualizerHandle>(null);

  const at = rows.findIndex((chat) => chat.id === props.selected);
  const follows = useRef(true);
  // The row of the conversation on screen is in view when it was chosen elsewhere, and
  // stays so when it moves, unless the user has scrolled away from it.
  useEffect(() => {
    follows.current = true;
  }, [props.selected]);
  useEffect(() => {
    if (at >= 0 && follows.current) list.current?.scrollToIndex(at, { align: "nearest" });
  }, [props.selected, at]);

  if (rows.length === 0 && state === "failed") {
    return (
      <EmptyState icon={CircleAlert} title={s.list.failed}>
        <button type="button" class="btn" onClick={props.onRetry}>
          {s.tryAgain}
        </button>
      </EmptyState>
    );
  }
  if (rows.length === 0 && state !== "ready") return <Skeleton shape="rows" count={8} />;
  if (rows.length === 0) {
    const [title, help] = t.filter.empty(props.filter);
    const first = props.filter === "all" || props.filter === "mine";
    return (
      <EmptyState icon={first ? MessagesSquare : CheckCheck} title={title} text={help} testId="list-empty">
        {first && props.emptyAction}
      </EmptyState>
    );
  }
  return (
    <div
      ref={scroller}
      class="list scroll"
      role="region"
      aria-label={s.list.label}
      tabIndex={0}
      data-testid="conversation-list"
      onKeyDown={(event) => moveFocus(event, scroller.current)}
      onScroll={(event) => {
        const { scrollTop, clientHeight, scrollHeight } = event.currentTarget;
        follows.current = at >= 0 && at * rowHeight < scrollTop + clientHeight && (at + 1) * rowHeight > scrollTop;
        if (scrollTop + clientHeight > scrollHeight - 4 * rowHeight) props.onMore();
      }}
    >
      <Virtualizer ref={list} data={rows as Chat[]} as="ul" item="li" itemSize={rowHeight}>
        {(chat: Chat) => (
          <ConversationRow
            key={chat.id}
            chat={chat}
            now={props.now}
            draft={props.draftOf(chat.id)}
            repliers={props.repliersOf(chat.id)}
            selected={chat.id === props.selected}
            {...(props.hrefOf ? { href: props.hrefOf(chat.id) } : {})}
            onOpen={props.onOpen}
          />
        )}
      </Virtualizer>
    </div>
  );
}

// Arrow keys go from row to row; the list itself scrolls as the focus moves.
function moveFocus(event: KeyboardEvent, scroller: HTMLElement | null): void {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step === undefined || event.altKey || !scroller) return;
  const rows = [...scroller.querySelectorAll<HTMLElement>("[data-row]")].sort(
    (a, b) => a.getBoundingClientRect().top - b.getBoundingClientRect().top,
  );
  const root = scroller.getRootNode() as Document | ShadowRoot;
  const at = rows.indexOf(root.activeElement as HTMLElement);
  const target = at < 0 ? (rows.find((row) => row.getAttribute("aria-current")) ?? rows[0]) : rows[at + step];
  if (!target) return;
  event.preventDefault();
  target.focus({ preventScroll: true });
  target.scrollIntoView({ block: "nearest" });
}
