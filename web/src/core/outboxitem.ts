import type { AddNoteRequestJson, LocationJson, SendMessageRequestJson } from "../gen/converse/v1/conversation_pb.js";

/** What a message is made of. Text is what the bubble shows until the server answers. */
export type Content =
  | { kind: "text"; text: string }
  | { kind: "template"; text: string; templateId: string; name: string; variables: Record<string, string>; around?: Around }
  | { kind: "again"; text: string; messageId: string }
  /** Files, with their caption; each was sent to the server before. */
  | { kind: "files"; text: string; files: SentFile[] }
  /** To colleagues; the lead never gets it. */
  | { kind: "note"; text: string; mentionIds: string[] };

/** What a template's header and buttons are filled with. */
export interface Around {
  headerText?: string;
  /** The file of the header. */
  mediaIds?: string[];
  /** The place of the header. */
  headerLocation?: LocationJson;
  /** By the button's place, from 0. */
  buttonValues?: Record<string, string>;
}

/** A file that the server has. */
export interface SentFile {
  mediaId: string;
  /** image, video, audio, document … */
  kind: string;
  name: string;
  contentType: string;
  size: number;
}

/** What goes to the lead. */
export type Outgoing = Exclude<Content, { kind: "note" }>;

/** Why an item does not go on by itself. */
export interface Problem {
  /** stale_view, window_closed …; empty for none. */
  reason: string;
  text: string;
  /** With stale_view: how many messages the user had not seen. */
  newer: number;
  reference: string;
}

/**
 * One message on its way to the server. Waiting goes by itself; held asks the user
 * to look at newer messages first; refused was turned down by the server for good.
 */
export interface OutboxItem {
  /** Sorts by the time of making. */
  clientId: string;
  conversationId: string;
  createdAt: number;
  content: Content;
  /** The highest seq the user had on screen when pressing send. */
  viewedSeq: number;
  state: "waiting" | "held" | "refused";
  problem?: Problem;
}

/** The request of a note. */
export function noteRequest(item: OutboxItem, content: Extract<Content, { kind: "note" }>): AddNoteRequestJson {
  const { clientId, conversationId } = item;
  return { clientId, conversationId, text: content.text, mentionIds: content.mentionIds };
}

/** The request of a message that is not a repetition. A note has no such request. */
export function sendRequest(item: OutboxItem, content: Exclude<Outgoing, { kind: "again" }>, viewedSeq: number): SendMessageRequestJson {
  const { clientId, conversationId } = item;
  const base = { clientId, conversationId, viewedSeq };
  if (content.kind === "template") return { ...base, templateId: content.templateId, variables: content.variables, ...content.around };
  if (content.kind === "files") return { ...base, text: content.text, mediaIds: content.files.map((file) => file.mediaId) };
  return { ...base, text: content.text };
}
