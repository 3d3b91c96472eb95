import { useSignal } from "@preact/signals";
import { Ghost as GhostIcon, ListIcon, Reply, SmilePlus, SquareArrowOutUpRight } from "lucide-preact";
import { Content } from "./Content";
import { type Phone, write } from "./store";
import { Text } from "./Text";
import { Ticks } from "./Ticks";
import { emojiOnly } from "./text";
import { clock } from "./time";
import type { Button, Message, Thread } from "./types";
import { words } from "./words";

interface Props {
  message: Message;
  thread: Thread | undefined;
  kinds: string[];
  phone: Phone;
  /** Whether it begins or ends a group of one side. */
  first: boolean;
  last: boolean;
  onReply: (message: Message) => void;
}

const emoji = ["👍", "❤️", "😂", "😮", "😢", "🙏"];

/** One message of a thread. */
export function Bubble({ message, thread, kinds, phone, first, last, onReply }: Props) {
  const acting = useSignal(false);
  const whatsapp = thread?.channel === "whatsapp";
  const target = { provider: thread?.provider ?? "", to: thread?.address ?? "" };
  const text = message.text ?? "";
  const big = !message.media && !message.buttons && emojiOnly(text);
  const quoted = message.replyTo ? thread?.messages.find((other) => other.id === message.replyTo) : undefined;

  function react(to: string) {
    acting.value = false;
    void write(phone, { ...target, kind: "reaction", replyTo: message.id, emoji: message.myEmoji === to ? "" : to });
  }

  return (
    <div class={`bubble-row ${message.mine ? "mine" : "theirs"} ${first ? "first" : ""} ${last ? "last" : ""}`}>
      <div class="bubble-stack">
        <div class={`bubble ${big ? "big" : ""}`}>
          {quoted && (
            <div class="quote">
              <strong>{quoted.mine ? words.youTo : thread?.label || words.business}</strong>
              <span class="clip">{quoted.text || words.kind(quoted.kind)}</span>
            </div>
          )}
          {message.header && <strong class="bubble-header">{message.header}</strong>}
          <Content message={message} />
          {text && message.kind !== "location" && (
            <p class="bubble-text" dir="auto">
              <Text text={text} rich={whatsapp} />
            </p>
          )}
          {message.footer && <p class="bubble-footer">{message.footer}</p>}
          <span class="bubble-meta num">
            <time dateTime={message.at}>{clock(message.at)}</time>
            {message.mine && whatsapp && <Ticks status={message.status} />}
          </span>
        </div>
        {message.buttons && !message.mine && <Buttons message={message} phone={phone} target={target} />}
        {(message.myEmoji || message.theirEmoji) && (
          <span class="reactions">
            {message.theirEmoji}
            {message.myEmoji}
          </span>
        )}
        {message.mine && message.status === "queued" && <span class="under meta">{words.status("queued")}</span>}
      </div>
      {whatsapp && kinds.includes("reaction") && (
        <div
          class="act"
          onKeyDown={(event) => {
            if (event.key !== "Escape" || !acting.value) return;
            event.preventDefault();
            acting.value = false;
          }}
          onFocusOut={(event) => {
            if (!event.currentTarget.contains(event.relatedTarget as Node | null)) acting.value = false;
          }}
        >
          <button type="button" class="icon-btn act-btn" aria-label={words.react} aria-expanded={acting.value} onClick={() => (acting.value = !acting.value)}>
            <SmilePlus size={16} strokeWidth={1.75} aria-hidden="true" />
          </button>
          {acting.value && (
            <div class="act-bar" role="group" aria-label={words.react}>
              {emoji.map((one) => (
                <button key={one} type="button" aria-pressed={message.myEmoji === one} onClick={() => react(one)}>
                  {one}
                </button>
              ))}
              <button
                type="button"
                aria-label={words.reply}
                onClick={() => {
                  acting.value = false;
                  onReply(message);
                }}
              >
                <Reply size={18} strokeWidth={1.75} aria-hidden="true" />
              </button>
            </div>
          )}
        </div>
      )}
    </div>
  );
}

interface ButtonsProps {
  message: Message;
  phone: Phone;
  target: { provider: string; to: string };
}

/** What can be tapped instead of typing. A list opens first. */
function Buttons({ message, phone, target }: ButtonsProps) {
  const open = useSignal(false);
  const buttons = message.buttons ?? [];
  const list = buttons.some((button) => button.style === "list_reply");
  const tap = (button: Button) => {
    open.value = false;
    void write(phone, { ...target, kind: "button", replyTo: message.id, buttonId: button.id });
  };
  if (list && !open.value) {
    return (
      <button type="button" class="tap" onClick={() => (open.value = true)}>
        <ListIcon size={16} strokeWidth={2} aria-hidden="true" />
        {words.options}
      </button>
    );
  }
  return (
    <>
      {buttons.map((button) =>
        button.style === "url" ? (
          <a key={button.id} class="tap" href={/^https?:/.test(button.id) ? button.id : undefined} target="_blank" rel="noopener noreferrer">
            <SquareArrowOutUpRight size={16} strokeWidth={2} aria-hidden="true" />
            {button.title}
          </a>
        ) : (
          <button key={button.id} type="button" class="tap" onClick={() => tap(button)}>
            <span>
              {button.title}
              {button.description && <small class="meta">{button.description}</small>}
            </span>
          </button>
        ),
      )}
    </>
  );
}

/** A message that Converse sent and that never reached the phone. */
export function Ghost({ message }: { message: Message }) {
  return (
    <div class="ghost">
      <GhostIcon size={18} strokeWidth={1.75} aria-hidden="true" />
      <div>
        <strong>{words.refused}</strong>
        <p>
          {words.failure(message.code)} {message.code && <code>{message.code}</code>}
        </p>
        {message.text && <q class="clip">{message.text}</q>}
      </div>
    </div>
  );
}
