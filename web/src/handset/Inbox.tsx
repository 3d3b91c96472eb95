import { ChevronLeft, PenLine } from "lucide-preact";
import { Face } from "./Face";
import { nameOf, pretty } from "./merge";
import { openThread, type Phone, putDown, senders } from "./store";
import { Ticks } from "./Ticks";
import { brief, now } from "./time";
import type { Handset, Thread } from "./types";
import { words } from "./words";

/** The phone's list of threads, and the businesses it has not written to yet. */
export function Inbox({ phone, view }: { phone: Phone; view: Handset }) {
  const threads = [...view.threads]
    .filter((thread) => thread.messages.some((message) => message.shown || message.status === "failed"))
    .sort((a, b) => lastAt(b).localeCompare(lastAt(a)));
  const others = senders.value.filter(
    (sender) => !threads.some((thread) => thread.key === sender.key) && (sender.channel === "whatsapp" || view.phone),
  );
  return (
    <div class="inbox">
      <header class="inbox-head">
        <button type="button" class="icon-btn only-narrow" aria-label={words.allHandsets} onClick={() => putDown(phone)}>
          <ChevronLeft size={22} strokeWidth={1.75} aria-hidden="true" />
        </button>
        <div class="grow">
          <h2 class="clip">{nameOf(view)}</h2>
          <p class="meta num clip">{whose(view)}</p>
        </div>
        <Face id={view.id} name={view.name} size={40} />
      </header>
      <div class="inbox-body scroll">
        {threads.length > 0 && (
          <ul>
            {threads.map((thread) => (
              <li key={thread.key}>
                <ThreadRow thread={thread} onOpen={() => openThread(phone, thread.key)} />
              </li>
            ))}
          </ul>
        )}
        {others.length > 0 && (
          <section>
            <h3 class="inbox-title">{words.writeFirst}</h3>
            <ul>
              {others.map((sender) => (
                <li key={sender.key}>
                  <button type="button" class="thread-row first" onClick={() => openThread(phone, sender.key)}>
                    <span class="row-face">
                      <Face id={sender.address} name={sender.label || words.business} size={44} />
                      <span class={`channel-dot ${sender.channel}`} />
                    </span>
                    <span class="grow">
                      <span class="clip strong">{sender.label || pretty(sender.address)}</span>
                      <span class="meta num clip">
                        {words.channel(sender.channel)} · {pretty(sender.address)}
                      </span>
                    </span>
                    <PenLine size={18} strokeWidth={1.75} class="meta" aria-hidden="true" />
                  </button>
                </li>
              ))}
            </ul>
          </section>
        )}
        {threads.length === 0 && others.length === 0 && <p class="hint">{words.noSenders}</p>}
      </div>
    </div>
  );
}

function whose(view: Handset): string {
  const number = pretty(view.phone);
  return view.name ? number || view.id : (view.whatsappId ?? words.messages);
}

const lastShown = (thread: Thread) => thread.messages.findLast((message) => message.shown);
const lastAt = (thread: Thread) => lastShown(thread)?.at ?? "";

function ThreadRow({ thread, onOpen }: { thread: Thread; onOpen: () => void }) {
  const last = lastShown(thread);
  const typing = thread.typingUntil && Date.parse(thread.typingUntil) > now.value;
  return (
    <button type="button" class="thread-row" onClick={onOpen}>
      <span class="row-face">
        <Face id={thread.address} name={thread.label || words.business} size={44} />
        <span class={`channel-dot ${thread.channel}`} title={words.channel(thread.channel)} />
      </span>
      <span class="grow">
        <span class="row-line">
          <span class="clip grow strong">{thread.label || pretty(thread.address)}</span>
          <time class={`meta num ${thread.unread ? "fresh" : ""}`}>{brief(last?.at)}</time>
        </span>
        <span class="row-line">
          {typing ? (
            <span class="clip grow typing-word">{words.typing}</span>
          ) : (
            <span class="clip grow meta thread-last">
              {last?.mine && thread.channel === "whatsapp" && <Ticks status={last.status} />}
              <span class="clip">{last ? last.text || words.kind(last.kind) : ""}</span>
            </span>
          )}
          {thread.unread > 0 && (
            <span class="badge num">
              <span aria-hidden="true">{thread.unread}</span>
              <span class="sr">{words.unread(thread.unread)}</span>
            </span>
          )}
        </span>
      </span>
    </button>
  );
}
