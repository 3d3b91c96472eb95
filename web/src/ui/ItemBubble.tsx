import { CircleAlert, Clock, Paperclip } from "lucide-preact";
import type { OutboxItem } from "../core/outboxitem.js";
import { Bubble } from "./Bubble.js";
import { fileSize } from "./format.js";
import { Icon } from "./Icon.js";
import { NoteCard } from "./NoteCard.js";
import { s } from "./strings.js";

export interface ItemBubbleProps {
  item: OutboxItem;
  userName: string;
  online: boolean;
  joined: boolean;
  ends: boolean;
  nameOf(userId: string): string;
  onRetry(item: OutboxItem): void;
  onEdit(item: OutboxItem): void;
  onDiscard(item: OutboxItem): void;
}

/** A message on its way to the server. */
export function ItemBubble(props: ItemBubbleProps) {
  const { item } = props;
  const refused = item.state === "refused";
  const below = refused ? <Refused {...props} /> : item.state === "waiting" && !props.online ? <Offline /> : undefined;
  if (item.content.kind === "note") {
    return (
      <NoteCard
        id={item.clientId}
        author={props.userName}
        mine
        text={item.content.text}
        at={item.createdAt}
        edited={false}
        deleted={false}
        names={item.content.mentionIds.map(props.nameOf)}
        waiting={!refused}
        below={below}
      />
    );
  }
  return (
    <Bubble
      id={item.clientId}
      inbound={false}
      author={props.userName}
      showAuthor={false}
      text={item.content.text}
      status={refused ? "failed" : "queued"}
      at={item.createdAt}
      before={item.content.kind === "files" ? <Files item={item} /> : undefined}
      {...(item.content.kind === "template" ? { templateName: item.content.name } : {})}
      joined={props.joined}
      ends={props.ends}
      below={below}
    />
  );
}

/** Files that are on their way, before the server shows them. */
function Files({ item }: { item: OutboxItem }) {
  if (item.content.kind !== "files") return null;
  return (
    <>
      {item.content.files.map((file) => (
        <span key={file.mediaId} class="media-row">
          <Icon of={Paperclip} size={20} />
          <span class="grow">
            <span class="media-name clip">{file.name}</span>
            <span class="meta num">{fileSize(file.size)}</span>
          </span>
        </span>
      ))}
    </>
  );
}

function Offline() {
  return (
    <div class="note note-waiting">
      <span class="note-text">
        <Icon of={Clock} />
        <span>{s.bubble.waitingOffline}</span>
      </span>
    </div>
  );
}

function Refused({ item, onRetry, onEdit, onDiscard }: ItemBubbleProps) {
  const { problem } = item;
  return (
    <div class="note note-failed" data-testid="failure">
      <span class="note-text">
        <Icon of={CircleAlert} />
        <span>
          {problem?.text || s.bubble.refused}
          {problem?.reference ? ` ${s.reference(problem.reference)}` : ""}
        </span>
      </span>
      {problem?.reason !== "window_closed" && (
        <button type="button" class="link" onClick={() => onRetry(item)}>
          {s.tryAgain}
        </button>
      )}
      {(item.content.kind === "text" || item.content.kind === "note") && (
        <button type="button" class="link" onClick={() => onEdit(item)}>
          {s.bubble.edit}
        </button>
      )}
      <button type="button" class="link" onClick={() => onDiscard(item)}>
        {s.bubble.discard}
      </button>
    </div>
  );
}
