import { LayoutTemplate, Paperclip, SendHorizontal, Smile } from "lucide-preact";
import type { ReadonlySignal } from "@preact/signals";
import type { ComponentChildren, RefObject } from "preact";
import { useRef, useState } from "preact/hooks";
import type { Attachments } from "../core/attachments.js";
import type { Channel } from "../core/model.js";
import { sends, useAutosize } from "./autosize.js";
import { EmojiPanel } from "./EmojiPanel.js";
import { Icon } from "./Icon.js";
import { IconButton } from "./IconButton.js";
import { later } from "./later.js";
import { SegmentCounter } from "./SegmentCounter.js";
import { s } from "./strings.js";

const AttachPanel = later(() => import("./AttachPanel.js").then((m) => m.AttachPanel));
const AttachTray = later(() => import("./AttachTray.js").then((m) => m.AttachTray));

export interface ComposerProps {
  channel: Channel;
  leadName: string;
  text: ReadonlySignal<string>;
  templatesOpen: boolean;
  input: RefObject<HTMLTextAreaElement>;
  onText(text: string): void;
  onSend(): void;
  onTemplates(): void;
  /** What goes with the text; undefined until the first file. */
  attachments: Attachments | undefined;
  attach(): Promise<Attachments>;
  onFiles(files: readonly File[]): void;
  /** The text has the focus, or no longer. */
  onFocused(focused: boolean): void;
  /** The quiet line over the composer: who is replying, and whom this writes to. */
  hint?: ComponentChildren;
}

const longest = 4096;

export function Composer(props: ComposerProps) {
  const { input } = props;
  const text = props.text.value;
  const box = useRef<HTMLDivElement>(null);
  const [emoji, setEmoji] = useState(false);
  const left = longest - text.length;
  const [attaching, setAttaching] = useState(false);
  const files = props.attachments?.list.value ?? [];
  const attached = files.length > 0 && (props.attachments?.ready.value ?? false);
  const sendable = left >= 0 && (files.length > 0 ? attached : text.trim() !== "");

  useAutosize(input, text);

  const send = () => {
    if (!sendable) return;
    props.onSend();
    input.current?.focus();
  };

  const insert = (piece: string) => {
    const element = input.current;
    const at = element?.selectionStart ?? text.length;
    props.onText(text.slice(0, at) + piece + text.slice(element?.selectionEnd ?? at));
    requestAnimationFrame(() => element?.setSelectionRange(at + piece.length, at + piece.length));
  };

  const keyDown = (event: KeyboardEvent) => {
    if (!sends(event)) return;
    event.preventDefault();
    send();
  };

  return (
    <form
      class="composer"
      data-testid="composer"
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      {props.hint}
      <div ref={box} class="composer-box">
        {props.attachments && <AttachTray attachments={props.attachments} hasText={text.trim() !== ""} onRemoved={() => input.current?.focus({ preventScroll: true })} />}
        <textarea
          ref={input}
          class="composer-text scroll"
          rows={1}
          dir="auto"
          value={text}
          placeholder={s.composer.placeholder}
          aria-label={s.composer.label(props.leadName)}
          aria-invalid={left < 0}
          data-testid="composer-text"
          onInput={(event) => props.onText(event.currentTarget.value)}
          onKeyDown={keyDown}
          onPaste={(event) => {
            const pasted = [...(event.clipboardData?.files ?? [])];
            if (pasted.length === 0) return;
            event.preventDefault();
            props.onFiles(pasted);
          }}
          onFocus={() => props.onFocused(true)}
          onBlur={() => props.onFocused(false)}
        />
        <div class="composer-tools">
          <IconButton
            icon={LayoutTemplate}
            label={s.composer.templates}
            expanded={props.templatesOpen}
            onClick={props.onTemplates}
            testId="templates-button"
          />
          <IconButton
            icon={Paperclip}
            label={s.composer.attach}
            expanded={attaching}
            onClick={() => setAttaching(!attaching)}
            testId="attach-button"
          />
          <IconButton
            icon={Smile}
            label={s.composer.emoji}
            expanded={emoji}
            onClick={() => setEmoji(!emoji)}
            testId="emoji-button"
          />
          <span class="grow" />
          {props.channel === "sms" && <SegmentCounter text={text} />}
          {left < 200 && (
            <span class={`meta num ${left < 0 ? "composer-over" : ""}`}>{left < 0 ? s.composer.over(-left) : s.composer.lengthLeft(left)}</span>
          )}
          <button type="submit" class="composer-send" aria-label={s.composer.send} title={s.composer.send} disabled={!sendable} data-testid="send">
            <Icon of={SendHorizontal} size={20} />
          </button>
        </div>
      </div>
      {attaching && <AttachPanel anchor={box} attach={props.attach} onFiles={props.onFiles} onClose={() => setAttaching(false)} />}
      {emoji && (
        <EmojiPanel
          anchor={box}
          onPick={insert}
          onClose={() => {
            setEmoji(false);
            input.current?.focus();
          }}
        />
      )}
    </form>
  );
}
