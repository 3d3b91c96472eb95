import { type Signal, useSignal } from "@preact/signals";
import { ContactRound, FileText, ImageIcon, MapPin, Plus, SendHorizontal, Vote, X } from "lucide-preact";
import { useEffect, useRef } from "preact/hooks";
import { type Phone, write } from "./store";
import type { Channel, Message, Writing } from "./types";
import { sendFiles } from "./upload";
import { Voice } from "./Voice";
import { words } from "./words";

interface Props {
  phone: Phone;
  target: Pick<Writing, "provider" | "to">;
  channel: Channel;
  kinds: string[];
  quoted: Signal<Message | undefined>;
}

/** Where the lead writes. */
export function Composer({ phone, target, channel, kinds, quoted }: Props) {
  const text = useSignal("");
  const attaching = useSignal(false);
  const recording = useSignal(false);
  const field = useRef<HTMLTextAreaElement>(null);
  useEffect(() => {
    if (matchMedia("(pointer: fine)").matches) field.current?.focus();
  }, []);
  useEffect(() => {
    if (quoted.value) field.current?.focus();
  }, [quoted.value]);

  function send(words: string) {
    const clean = words.trim();
    if (!clean) return;
    text.value = "";
    const replyTo = quoted.value?.id;
    quoted.value = undefined;
    void write(phone, { ...target, text: clean, ...(replyTo ? { replyTo } : {}) });
  }

  return (
    <div class="composer">
      {quoted.value && (
        <div class="quoting">
          <div class="quote grow">
            <strong>{quoted.value.mine ? words.youTo : words.reply}</strong>
            <span class="clip">{quoted.value.text || words.kind(quoted.value.kind)}</span>
          </div>
          <button type="button" class="icon-btn" aria-label={words.removeQuote} onClick={() => (quoted.value = undefined)}>
            <X size={16} strokeWidth={1.75} aria-hidden="true" />
          </button>
        </div>
      )}
      {!text.value && !quoted.value && !recording.value && (
        <div class="suggestions">
          {words.suggestions(channel).map((line) => (
            <button key={line} type="button" onClick={() => send(line)}>
              {line}
            </button>
          ))}
        </div>
      )}
      <form
        class="compose-line"
        onSubmit={(event) => {
          event.preventDefault();
          send(text.value);
        }}
      >
        {!recording.value && (
          <>
            <button
              type="button"
              class="icon-btn"
              aria-label={words.attach}
              title={words.attach}
              aria-expanded={attaching.value}
              onClick={() => (attaching.value = !attaching.value)}
            >
              <Plus size={22} strokeWidth={1.75} aria-hidden="true" />
            </button>
            <textarea
              ref={field}
              rows={1}
              placeholder={words.typeHere}
              aria-label={words.typeHere}
              value={text.value}
              onInput={(event) => (text.value = event.currentTarget.value)}
              onKeyDown={(event) => {
                if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
                  event.preventDefault();
                  send(text.value);
                }
              }}
              onPaste={(event) => {
                const files = event.clipboardData?.files;
                if (files?.length) void sendFiles(phone, target, files);
              }}
            />
          </>
        )}
        {text.value.trim() ? (
          <button type="submit" class="send" aria-label={words.send}>
            <SendHorizontal size={18} strokeWidth={1.75} aria-hidden="true" />
          </button>
        ) : (
          <Voice phone={phone} target={target} recording={recording} />
        )}
      </form>
      {attaching.value && <Attach phone={phone} target={target} kinds={kinds} onDone={() => (attaching.value = false)} />}
    </div>
  );
}

const extras = [
  { kind: "location", label: words.place, Icon: MapPin },
  { kind: "contacts", label: words.card, Icon: ContactRound },
  { kind: "unsupported", label: words.poll, Icon: Vote },
];

function Attach({ phone, target, kinds, onDone }: Pick<Props, "phone" | "target" | "kinds"> & { onDone: () => void }) {
  const pick = (accept: string) => {
    const input = document.createElement("input");
    Object.assign(input, { type: "file", accept, multiple: true });
    input.addEventListener("change", () => void sendFiles(phone, target, input.files));
    input.click();
    onDone();
  };
  return (
    <div
      class="attach"
      role="menu"
      onKeyDown={(event) => {
        if (event.key !== "Escape") return;
        event.preventDefault();
        onDone();
      }}
    >
      <button type="button" role="menuitem" class="attach-btn image" onClick={() => pick("image/*,video/*")}>
        <ImageIcon size={22} strokeWidth={1.75} aria-hidden="true" />
        {words.photo}
      </button>
      <button type="button" role="menuitem" class="attach-btn document" onClick={() => pick("")}>
        <FileText size={22} strokeWidth={1.75} aria-hidden="true" />
        {words.document}
      </button>
      {extras
        .filter(({ kind }) => kinds.includes(kind))
        .map(({ kind, label, Icon }) => (
          <button
            key={kind}
            type="button"
            role="menuitem"
            class={`attach-btn ${kind}`}
            onClick={() => {
              void write(phone, { ...target, kind });
              onDone();
            }}
          >
            <Icon size={22} strokeWidth={1.75} aria-hidden="true" />
            {label}
          </button>
        ))}
    </div>
  );
}
