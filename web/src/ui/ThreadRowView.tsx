import type { Entry } from "../core/entry.js";
import type { ConversationView } from "../core/view.js";
import { EntryBubble } from "./EntryBubble.js";
import { dayName } from "./format.js";
import { ItemBubble } from "./ItemBubble.js";
import type { Overlay } from "./PaneOverlays.js";
import type { ThreadRow } from "./rows.js";
import { s } from "./strings.js";

export interface ThreadRowViewProps {
  row: ThreadRow;
  view: ConversationView;
  leadName: string;
  onOverlay(overlay: Overlay): void;
  onSendAgain(entry: Entry): void;
}

/** One row of a thread. */
export function ThreadRowView({ row, view, leadName, onOverlay, onSendAgain }: ThreadRowViewProps) {
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
        onRetry={(item) => view.retry(item)}
        onEdit={(item) => view.edit(item)}
        onDiscard={(item) => view.discard(item)}
      />
    );
  }
  if (row.entry.message.kind === "notice") {
    return (
      <div class="system" data-testid="notice">
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
      download={(id) => view.download(id)}
      onTimeline={(entry, anchor) => onOverlay({ kind: "timeline", entry, anchor: { current: anchor } })}
      onSendAgain={onSendAgain}
      onImage={(_entry, mediaId) => onOverlay({ kind: "picture", mediaId })}
    />
  );
}
