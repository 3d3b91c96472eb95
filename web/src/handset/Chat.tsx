import { useSignal } from "@preact/signals";
import { ArrowDown, ChevronLeft, PhoneCall } from "lucide-preact";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import { Bubble, Ghost } from "./Bubble";
import { Composer } from "./Composer";
import { Face } from "./Face";
import { pretty } from "./merge";
import { confirm, openThread, type Phone, senders, write } from "./store";
import { day, now } from "./time";
import type { Handset, Message, Thread } from "./types";
import { sendFiles } from "./upload";
import { words } from "./words";

/** A thread on the phone's screen. */
export function Chat({ phone, view }: { phone: Phone; view: Handset }) {
  const key = phone.thread.value;
  const sender = senders.value.find((other) => other.key === key);
  const thread: Thread | undefined = view.threads.find((other) => other.key === key);
  const quoted = useSignal<Message | undefined>(undefined);
  const dropping = useSignal(false);
  const business = thread ?? sender;
  if (!business) return null;
  const { provider, address, channel } = business;
  const label = business.label || pretty(address);
  const kinds = sender?.kinds ?? ["text"];
  const target = { provider, to: address };
  const typing = thread?.typingUntil !== undefined && Date.parse(thread.typingUntil) > now.value;

  async function ring() {
    if (await write(phone, { ...target, kind: "call" })) confirm(words.rang);
  }

  return (
    <div
      class={`chat ${dropping.value ? "dropping" : ""}`}
      data-channel={channel}
      onDragOver={(event) => {
        event.preventDefault();
        dropping.value = true;
      }}
      onDragLeave={() => (dropping.value = false)}
      onDrop={(event) => {
        event.preventDefault();
        dropping.value = false;
        void sendFiles(phone, target, event.dataTransfer?.files);
      }}
    >
      <header class="chat-head">
        <button type="button" class="icon-btn" aria-label={words.back} onClick={() => openThread(phone, "")}>
          <ChevronLeft size={24} strokeWidth={1.75} aria-hidden="true" />
        </button>
        <Face id={address} name={business.label || words.business} size={34} />
        <div class="grow">
          <h2 class="clip">{label}</h2>
          <p class="clip chat-sub num">{typing ? words.typing : `${words.channel(channel)} · ${pretty(address)}`}</p>
        </div>
        {kinds.includes("call") && (
          <button type="button" class="icon-btn" title={words.ring} aria-label={words.ring} onClick={() => void ring()}>
            <PhoneCall size={18} strokeWidth={1.75} aria-hidden="true" />
          </button>
        )}
      </header>
      <Log thread={thread} kinds={kinds} typing={typing} phone={phone} onReply={(message) => (quoted.value = message)} />
      <Composer phone={phone} target={target} channel={channel} kinds={kinds} quoted={quoted} />
    </div>
  );
}

interface LogProps {
  phone: Phone;
  thread: Thread | undefined;
  kinds: string[];
  typing: boolean;
  onReply: (message: Message) => void;
}

/** How near the end counts as being there. */
const nearEnd = 80;

function Log({ phone, thread, kinds, typing, onReply }: LogProps) {
  const box = useRef<HTMLDivElement>(null);
  const inner = useRef<HTMLDivElement>(null);
  const away = useSignal(false);
  const messages = (thread?.messages ?? []).filter((message) => message.shown || message.mine || message.status === "failed");
  const last = messages.at(-1);

  const toEnd = () => box.current?.scrollTo({ top: box.current.scrollHeight });
  useLayoutEffect(toEnd, []);
  useEffect(() => {
    if (!away.value || last?.mine) toEnd();
  }, [last?.id, last?.mine, typing, messages.length, away]);
  useEffect(() => {
    // Pictures grow once they are loaded, and the end moves away.
    const grown = new ResizeObserver(() => {
      if (!away.value) toEnd();
    });
    if (inner.current) grown.observe(inner.current);
    return () => grown.disconnect();
  }, [away]);

  return (
    <div class="log-frame">
      <div
        class="log scroll"
        role="log"
        aria-label={words.messages}
        tabIndex={0}
        ref={box}
        onScroll={(event) => {
          const { scrollHeight, scrollTop, clientHeight } = event.currentTarget;
          away.value = scrollHeight - scrollTop - clientHeight > nearEnd;
        }}
      >
        <div class="log-inner" ref={inner}>
          {messages.map((message, i) => (
            <Item key={message.id} {...{ message, thread, kinds, phone, onReply }} before={messages[i - 1]} after={messages[i + 1]} />
          ))}
          {typing && (
            <div class="bubble-row theirs">
              <div class="bubble dots" role="status" aria-label={words.typing}>
                <i />
                <i />
                <i />
              </div>
            </div>
          )}
        </div>
      </div>
      {away.value && (
        <button type="button" class="to-end" aria-label={words.messages} onClick={toEnd}>
          <ArrowDown size={18} strokeWidth={1.75} aria-hidden="true" />
        </button>
      )}
    </div>
  );
}

interface ItemProps {
  message: Message;
  before: Message | undefined;
  after: Message | undefined;
  thread: Thread | undefined;
  kinds: string[];
  phone: Phone;
  onReply: (message: Message) => void;
}

function Item({ message, before, after, thread, kinds, phone, onReply }: ItemProps) {
  const newDay = !before || day(before.at) !== day(message.at);
  return (
    <>
      {newDay && <p class="day">{day(message.at)}</p>}
      {!message.mine && !message.shown ? (
        <Ghost message={message} />
      ) : (
        <Bubble
          message={message}
          thread={thread}
          kinds={kinds}
          phone={phone}
          first={newDay || !together(before, message)}
          last={!after || day(after.at) !== day(message.at) || !together(message, after)}
          onReply={onReply}
        />
      )}
    </>
  );
}

/** Bubbles of one side within five minutes stand close together. */
function together(a: Message | undefined, b: Message): boolean {
  return a !== undefined && a.mine === b.mine && (a.mine || a.shown) && Date.parse(b.at) - Date.parse(a.at) < 5 * 60_000;
}
