import { CircleAlert, CircleHelp } from "lucide-preact";
import type { Entry } from "../core/entry.js";
import { Bubble } from "./Bubble.js";
import { Icon } from "./Icon.js";
import { MessageContent } from "./MessageContent.js";
import { s } from "./strings.js";

export interface EntryBubbleProps {
  entry: Entry;
  me: string;
  leadName: string;
  joined: boolean;
  ends: boolean;
  retried: boolean;
  onTimeline(entry: Entry, anchor: HTMLElement): void;
  onSendAgain(entry: Entry): void;
  /** Notes that the lead wants to be left alone; undefined once that is noted. */
  onOptOut?: (() => void) | undefined;
  /** A link to a file of the message. */
  download(mediaId: string, preview?: boolean): Promise<string>;
  fetchAgain(mediaId: string): Promise<void>;
  onImage(entry: Entry, mediaId: string): void;
}

/** A message the server has. */
export function EntryBubble(props: EntryBubbleProps) {
  const { entry, me } = props;
  const { message } = entry;
  const mine = message.authorId === me;
  const content = <MessageContent entry={entry} download={props.download} fetchAgain={props.fetchAgain} onImage={(id) => props.onImage(entry, id)} />;
  return (
    <Bubble
      id={entry.id}
      inbound={message.inbound}
      author={message.inbound ? props.leadName : message.authorName}
      showAuthor={!message.inbound && !mine && !props.joined && message.authorName !== ""}
      text={MessageContent.text(message)}
      status={entry.status.value}
      at={message.createdAt}
      templateName={message.templateName}
      joined={props.joined}
      ends={props.ends}
      onTicks={(anchor) => props.onTimeline(entry, anchor)}
      bare={message.kind === "sticker"}
      before={MessageContent.has(entry) ? content : undefined}
      below={<Outcome {...props} />}
    />
  );
}

/** Under a message that failed or may have: the reason, and the next step. */
function Outcome({ entry, retried, onSendAgain, onOptOut }: EntryBubbleProps) {
  const status = entry.status.value;
  const failure = entry.failure.value;
  if (entry.message.asksStop) return <AsksStop onOptOut={onOptOut} />;
  if (status !== "failed" && status !== "unsure") return null;
  const failed = status === "failed";
  const words = failed ? [failure?.text || s.bubble.failed, failure?.next ?? ""] : [failure?.text || s.bubble.unsure];
  return (
    <div class={`note ${failed ? "note-failed" : "note-unsure"}`} data-testid={failed ? "failure" : "unsure"}>
      <span class="note-text">
        <Icon of={failed ? CircleAlert : CircleHelp} />
        <span>{words.filter((word) => word !== "").join(" ")}</span>
      </span>
      {retried ? (
        <span class="quiet">{s.bubble.sentAgain}</span>
      ) : (
        <button type="button" class="link" data-testid="send-again" onClick={() => onSendAgain(entry)}>
          {s.bubble.sendAgain}
        </button>
      )}
    </div>
  );
}

/** Under a lead's message with a STOP among other words: a person decides. */
function AsksStop({ onOptOut }: Pick<EntryBubbleProps, "onOptOut">) {
  return (
    <div class="note note-unsure" data-testid="asks-stop">
      <span class="note-text">
        <Icon of={CircleHelp} />
        <span>{s.bubble.asksStop}</span>
      </span>
      {onOptOut && (
        <button type="button" class="link" onClick={onOptOut}>
          {s.bubble.optOut}
        </button>
      )}
    </div>
  );
}
