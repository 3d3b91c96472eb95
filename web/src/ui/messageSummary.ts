import type { Message } from "../core/model.js";
import { s } from "./strings.js";
import { t } from "./teamWords.js";

/** What a message carries beside words, by its kind. */
export const carried: Readonly<Record<string, string>> = {
  image: s.media.image,
  video: s.media.video,
  audio: s.media.audio,
  document: s.media.document,
  sticker: s.media.sticker,
  location: s.media.location,
  contacts: s.media.contacts,
  unsupported: s.media.unsupported,
};

/** A message in one line: its words, or what it carries. */
export function summarize(message: Message): string {
  if (message.kind === "note" && message.deletedAt > 0) return t.note.deleted(message.authorName);
  const text = message.text.replace(/\s+/g, " ").trim();
  const kind = carried[message.kind];
  if (message.kind === "reaction") return `${s.media.reaction} ${text}`;
  if (!kind || (message.kind === "unsupported" && text)) return text;
  const name = message.media[0]?.name ?? "";
  const words = message.kind === "document" ? text || name : text;
  return words ? `${kind}: ${words}` : kind;
}
