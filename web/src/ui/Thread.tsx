import { ArrowDown } from "lucide-preact";
import type { ComponentChildren } from "preact";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { Icon } from "./Icon.js";
import type { ThreadRow } from "./rows.js";
import { s } from "./strings.js";

export interface ThreadProps {
  rows: readonly ThreadRow[];
  label: string;
  /** Draws one row. */
  render(row: ThreadRow): ComponentChildren;
  /** Over the first row when there is nothing older. */
  start: ComponentChildren;
  hasOlder: boolean;
  loadingOlder: boolean;
  onOlder(): void;
  /** Everything up to this seq is on screen. */
  onSeen(seq: number): void;
  /** The seq of the newest message. */
  newestSeq: number;
  /** Where the user was when the thread was last on screen; undefined for the end. */
  place: Place | undefined;
  onLeave(place: Place | undefined): void;
}

/** A row at the upper edge, and how far below it, in pixels. */
type Place = { key: string; top: number };

// How close to the bottom counts as being there, and how close to the top asks for more.
const nearBottom = 48;
const farFromBottom = 160;
const nearTop = 600;
const firstRows = 80;
const moreRows = 60;

/**
 * A log of messages that stays where the user is: at the bottom it follows what
 * comes, elsewhere it keeps its place when older pages load or something above grows.
 * Only the last rows are drawn; scrolling up draws more.
 */
export function Thread(props: ThreadProps) {
  const { rows, place } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const [drawn, setDrawn] = useState(() => Math.max(firstRows, rowsFrom(rows, (row) => row.kind === "new" || row.key === place?.key) + moreRows));
  const [away, setAway] = useState(false);
  const [seenSeq, setSeenSeq] = useState(props.newestSeq);
  const stick = useRef(true);
  const anchor = useRef<Place | undefined>(place);
  const begun = useRef(false);
  const lastKey = rows.at(-1)?.key;
  const ownLast = useRef(lastKey);
  const shown = rows.slice(-drawn);

  const look = () => {
    const element = scroller.current;
    if (!element) return;
    const bottom = element.scrollHeight - element.scrollTop - element.clientHeight;
    stick.current = bottom < nearBottom;
    setAway(bottom > farFromBottom);
    if (stick.current) {
      setSeenSeq(props.newestSeq);
      props.onSeen(props.newestSeq);
      if (drawn > firstRows * 3) setDrawn(firstRows);
    } else if (element.scrollTop < nearTop) {
      if (shown.length < rows.length) setDrawn((n) => n + moreRows);
      else if (props.hasOlder && !props.loadingOlder) {
        setDrawn((n) => n + moreRows);
        props.onOlder();
      }
    }
    anchor.current = stick.current ? undefined : firstVisible(element);
  };

  const toBottom = () => {
    stick.current = true;
    if (scroller.current) scroller.current.scrollTop = scroller.current.scrollHeight;
    look();
  };

  // After every change of rows: follow the bottom, or put the row that was at the top
  // back to where it was.
  useLayoutEffect(() => {
    const element = scroller.current;
    if (!element || rows.length === 0) return;
    const last = rows.at(-1);
    const wroteSomething = last?.kind === "item" && last.key !== ownLast.current;
    ownLast.current = last?.key;
    if (!begun.current) {
      begun.current = true;
      const line = element.querySelector<HTMLElement>("[data-new-line]");
      if (line) element.scrollTop = line.offsetTop - element.clientHeight / 3;
      else if (!backTo(element, anchor.current)) element.scrollTop = element.scrollHeight;
    } else if (stick.current || wroteSomething) {
      element.scrollTop = element.scrollHeight;
    } else {
      backTo(element, anchor.current);
    }
    element.querySelectorAll<HTMLElement>("[data-ticks]").forEach((ticks, i, all) => (ticks.tabIndex = i === all.length - 1 ? 0 : -1));
    look();
  }, [rows, drawn]);

  useEffect(() => () => props.onLeave(anchor.current), []);

  // Pictures that arrive and a composer that grows must not push the bottom away.
  useEffect(() => {
    const element = scroller.current;
    if (!element) return undefined;
    const observer = new ResizeObserver(() => {
      if (stick.current) element.scrollTop = element.scrollHeight;
    });
    observer.observe(element);
    if (element.firstElementChild) observer.observe(element.firstElementChild);
    return () => observer.disconnect();
  }, []);

  // What the lead wrote since the user was at the bottom last.
  const waiting = rows.filter((row) => row.kind === "entry" && row.entry.message.inbound && row.entry.seq > seenSeq).length;
  const isTop = shown.length === rows.length && !props.hasOlder;
  return (
    <div class="thread">
      <div
        ref={scroller}
        class="thread-scroll scroll"
        role="log"
        aria-live="polite"
        aria-relevant="additions"
        aria-busy={props.loadingOlder}
        aria-label={props.label}
        tabIndex={0}
        data-testid="thread"
        onScroll={look}
        onKeyDown={(event) => moveBetweenTicks(event, scroller.current)}
      >
        <div class="thread-rows">
          {isTop ? props.start : <div class="thread-more" aria-hidden="true" />}
          {shown.map((row) => (
            <div key={row.key} data-key={row.key} {...(row.kind === "new" ? { "data-new-line": "" } : {})}>
              {props.render(row)}
            </div>
          ))}
        </div>
      </div>
      {(away || waiting > 0) && (
        <button
          type="button"
          class={`latest ${waiting > 0 ? "latest-counting" : ""}`}
          data-testid="go-to-latest"
          aria-label={waiting > 0 ? `${s.thread.latest}, ${s.thread.latestCount(waiting)}` : s.thread.latest}
          title={s.thread.latest}
          onClick={toBottom}
        >
          {waiting > 0 && <span class="num">{s.thread.latestCount(waiting)}</span>}
          <Icon of={ArrowDown} size={20} />
        </button>
      )}
    </div>
  );
}

// How many rows there are from one on; 0 when there is none such.
function rowsFrom(rows: readonly ThreadRow[], is: (row: ThreadRow) => boolean): number {
  const at = rows.findIndex(is);
  return at < 0 ? 0 : rows.length - at;
}

// Puts a row back where it was, and answers whether it is still there.
function backTo(scroller: HTMLElement, place: Place | undefined): boolean {
  const row = place && scroller.querySelector<HTMLElement>(`[data-key="${CSS.escape(place.key)}"]`);
  if (row) scroller.scrollTop += row.getBoundingClientRect().top - scroller.getBoundingClientRect().top - place.top;
  return row !== undefined && row !== null;
}

function firstVisible(scroller: HTMLElement): Place | undefined {
  const edge = scroller.getBoundingClientRect().top;
  for (const row of scroller.querySelectorAll<HTMLElement>("[data-key]")) {
    const { top, bottom } = row.getBoundingClientRect();
    if (bottom > edge) return { key: row.dataset.key ?? "", top: top - edge };
  }
  return undefined;
}

// Ticks are one stop for the tab key; the arrows go from one to the next.
function moveBetweenTicks(event: KeyboardEvent, scroller: HTMLElement | null): void {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  const all = [...(scroller?.querySelectorAll<HTMLElement>("[data-ticks]") ?? [])];
  const at = all.indexOf(event.target as HTMLElement);
  if (step === undefined || at < 0 || event.altKey) return;
  event.preventDefault();
  all[at + step]?.focus();
}
