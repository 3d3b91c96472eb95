import { Lock, Pencil, Trash2 } from "lucide-preact";
import type { ComponentChildren } from "preact";
import { fullTime, machineTime, time } from "./format.js";
import { Icon } from "./Icon.js";
import { IconButton } from "./IconButton.js";
import { RichText } from "./RichText.js";
import { t } from "./teamWords.js";

export interface NoteCardProps {
  id: string;
  author: string;
  mine: boolean;
  text: string;
  at: number;
  edited: boolean;
  deleted: boolean;
  /** Names that the text mentions with @. */
  names: readonly string[];
  /** Instead of the time: it is on its way. */
  waiting?: boolean;
  onEdit?(): void;
  onDelete?(): void;
  below?: ComponentChildren;
}

/** A note between colleagues, on a card that no message to a lead looks like. */
export function NoteCard(props: NoteCardProps) {
  const { mine, author, at } = props;
  if (props.deleted) {
    return (
      <div class="system" data-testid="note-deleted">
        <span>{mine ? t.note.deletedOwn : t.note.deleted(author)}</span>
      </div>
    );
  }
  return (
    <div class={`message ${mine ? "message-out" : "message-in"}`} data-testid="note" data-message={props.id}>
      <div class="note-card">
        <div class="note-card-head">
          <Icon of={Lock} />
          <span class="sr">{mine ? t.note.fromYou : t.note.from(author)}: </span>
          <span class="clip" aria-hidden="true">
            {mine ? t.note.private : author}
          </span>
          <span class="grow" />
          {props.onEdit && <IconButton icon={Pencil} size={16} label={t.note.edit} onClick={props.onEdit} testId="note-edit" />}
          {props.onDelete && <IconButton icon={Trash2} size={16} label={t.note.remove} onClick={props.onDelete} testId="note-delete" />}
        </div>
        <div class="bubble-text" dir="auto">
          <WithMentions text={props.text} names={props.names} />
          <span class="bubble-meta num">
            {props.edited && <span>{t.note.edited}</span>}
            {props.waiting ? (
              <span>{t.note.waiting}</span>
            ) : (
              <time dateTime={machineTime(at)} title={fullTime(at)}>
                {time(at)}
              </time>
            )}
          </span>
        </div>
      </div>
      {props.below}
    </div>
  );
}

/** A text with the names it mentions told apart. */
function WithMentions({ text, names }: { text: string; names: readonly string[] }) {
  const parts = splitMentions(text, names);
  return (
    <>
      {parts.map((part, i) =>
        part.mention ? (
          <span key={i} class="mention">
            {part.text}
          </span>
        ) : (
          <RichText key={i} text={part.text} />
        ),
      )}
    </>
  );
}

/** Cuts a text into what mentions one of the names and what lies between. */
export function splitMentions(text: string, names: readonly string[]): { text: string; mention: boolean }[] {
  const known = names.filter((name) => name !== "").sort((a, b) => b.length - a.length);
  if (known.length === 0) return [{ text, mention: false }];
  const pattern = new RegExp(`(@(?:${known.map(escaped).join("|")}))(?![\\p{L}\\p{N}])`, "gu");
  return text
    .split(pattern)
    .map((part, i) => ({ text: part, mention: i % 2 === 1 }))
    .filter((part) => part.text !== "");
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
