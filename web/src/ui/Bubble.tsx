import { LayoutTemplate } from "lucide-preact";
import type { ComponentChildren } from "preact";
import { useRef } from "preact/hooks";
import type { Status } from "../core/status.js";
import { fullTime, machineTime, time } from "./format.js";
import { Icon } from "./Icon.js";
import { isFewEmoji, RichText } from "./RichText.js";
import { s } from "./strings.js";
import { Ticks } from "./Ticks.js";

export interface BubbleProps {
  id: string;
  inbound: boolean;
  /** Who wrote it, for screen readers; shown over a colleague's first bubble. */
  author: string;
  showAuthor: boolean;
  text: string;
  status: Status;
  at: number;
  templateName?: string;
  joined: boolean;
  ends: boolean;
  /** Shows the timeline; without it the ticks are not a button. */
  onTicks?(anchor: HTMLElement): void;
  /** Inside the bubble, over the text: media, places, cards. */
  before?: ComponentChildren;
  /** Without a ground of its own, as stickers are. */
  bare?: boolean;
  /** Under the bubble: what went wrong and what to do. */
  below?: ComponentChildren;
}

export function Bubble(props: BubbleProps) {
  const { inbound, status, at, text } = props;
  const ticks = useRef<HTMLButtonElement>(null);
  const few = !props.before && isFewEmoji(text);
  const shape = [
    "bubble",
    inbound ? "bubble-in" : "bubble-out",
    props.ends ? "bubble-ends" : "",
    few ? "bubble-emoji" : "",
    props.before ? "bubble-media" : "",
    props.bare ? "bubble-sticker" : "",
  ].join(" ");
  return (
    <div
      class={`message ${inbound ? "message-in" : "message-out"} ${props.joined ? "message-joined" : ""}`}
      data-testid="message"
      data-message={props.id}
      data-status={status}
    >
      {props.showAuthor && <div class="message-author">{props.author}</div>}
      <div class={shape}>
        <span class="sr">{inbound ? s.bubble.from(props.author) : props.showAuthor ? s.bubble.from(props.author) : s.bubble.fromYou}: </span>
        {props.templateName && (
          <div class="bubble-template" title={s.bubble.template(props.templateName)}>
            <Icon of={LayoutTemplate} />
            <span class="clip">{props.templateName}</span>
          </div>
        )}
        {props.before}
        <div class={`bubble-text ${props.before && text ? "bubble-caption" : ""}`} dir="auto">
          {text && <RichText text={text} />}
          <span class="bubble-meta num">
            <time dateTime={machineTime(at)} title={fullTime(at)}>
              {time(at)}
            </time>
            {!inbound &&
              (props.onTicks ? (
                <button
                  ref={ticks}
                  type="button"
                  class="bubble-ticks"
                  data-ticks=""
                  data-testid="ticks"
                  tabIndex={-1}
                  aria-label={s.bubble.timeline(s.status(status), time(at))}
                  onClick={() => ticks.current && props.onTicks?.(ticks.current)}
                >
                  <Ticks status={status} label="" />
                </button>
              ) : (
                <Ticks status={status} />
              ))}
          </span>
        </div>
      </div>
      {props.below}
    </div>
  );
}
