import { useContext } from "preact/hooks";
import type { Entry } from "../core/entry.js";
import { asApiError } from "../core/error.js";
import type { ConversationView } from "../core/view.js";
import { EntryBubble } from "./EntryBubble.js";
import { dayName } from "./format.js";
import { ItemBubble } from "./ItemBubble.js";
import { NoteCard } from "./NoteCard.js";
import type { Overlay } from "./PaneOverlays.js";
import type { ThreadRow } from "./rows.js";
import { s } from "./strings.js";
import { ToastContext } from "./toasts.js";

export interface ThreadRowViewProps {
  row: ThreadRow;
  view: ConversationView;
  leadName: string;
  onOverlay(overlay: Overlay): void;
  onSendAgain(entry: Entry): void;
}

/** One row of a thread. */
export function ThreadRowView({ row, view, leadName, onOverlay, onSendAgain }: ThreadRowViewProps) {
  const toasts = useContext(ToastContext);
  if (row.kind === "day") {
    return (
      <div class="day">
        <span>{dayName(row.at, view.now.value)}</span>
      </div>
    );
  }
  if (row.kind === "new") {
    return (
      <div class="new-line" data-testid="new-line">
        {s.thread.newLine}
      </div>
    );
  }
  if (row.kind === "item") {
    return (
      <ItemBubble
        item={row.item}
        userName={view.userName}
        online={view.online.value}
        joined={row.joined}
        ends={row.ends}
        nameOf={(id) => view.team.nameOf(id)}
        onRetry={(item) => view.composing.retry(item)}
        onEdit={(item) => view.composing.edit(item)}
        onDiscard={(item) => view.composing.discard(item)}
      />
    );
  }
  if (row.entry.message.kind === "note") return <EntryNote entry={row.entry} view={view} onOverlay={onOverlay} />;
  if (row.entry.message.kind === "notice" || row.entry.message.kind === "transfer") {
    return (
      <div class="system" data-testid={row.entry.message.kind}>
        <span>{row.entry.message.text}</span>
      </div>
    );
  }
  return (
    <EntryBubble
      entry={row.entry}
      me={view.userId}
      leadName={leadName}
      joined={row.joined}
      ends={row.ends}
      retried={view.retried.value.has(row.entry.id)}
      download={(id, preview) => view.download(id, preview)}
      fetchAgain={(id) => view.fetchAgain(id)}
      onTimeline={(entry, anchor) => onOverlay({ kind: "timeline", entry, anchor: { current: anchor } })}
      onSendAgain={onSendAgain}
      onOptOut={view.mayStop.value ? () => void view.optOut().catch((thrown: unknown) => toasts.fail(asApiError(thrown))) : undefined}
      onImage={(_entry, mediaId) => onOverlay({ kind: "picture", mediaId })}
    />
  );
}

// How long the server lets an author change a note.
const changeableMs = 15 * 60_000;

function EntryNote({ entry, view, onOverlay }: { entry: Entry; view: ConversationView; onOverlay(overlay: Overlay): void }) {
  const note = entry.latest;
  const mine = note.authorId === view.userId;
  const changeable = mine && view.now.value - note.createdAt < changeableMs;
  return (
    <NoteCard
      id={entry.id}
      author={note.authorName}
      mine={mine}
      text={note.text}
      at={note.createdAt}
      edited={note.editedAt > 0}
      deleted={note.deletedAt > 0}
      names={note.mentionIds.map((id) => view.team.nameOf(id))}
      {...(changeable
        ? { onEdit: () => onOverlay({ kind: "edit-note", entry }), onDelete: () => onOverlay({ kind: "delete-note", entry }) }
        : {})}
    />
  );
}
