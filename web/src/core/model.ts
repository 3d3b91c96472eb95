/** The things screens show, with every field present; `frompb` makes them of what was received. */
import type { Status } from "./status.js";

export type Channel = "sms" | "whatsapp";

export interface User {
  id: string;
  name: string;
  email: string;
  role: string;
}

export interface Org {
  id: string;
  name: string;
}

export interface Identifier {
  id: string;
  kind: string;
  value: string;
  label: string;
  /** The value is not all there: it is hidden from the user. */
  masked: boolean;
  /** Kept as it came; nothing can be sent to it. */
  invalid: boolean;
  /** The lead asked to be left alone under it. */
  optedOut: boolean;
  /** What the lead asked to be spared here: sms, whatsapp, whatsapp_marketing. */
  stops: string[];
}

export interface Sender {
  id: string;
  connectorId: string;
  provider: string;
  channel: Channel;
  address: string;
  label: string;
}

export interface Lead {
  id: string;
  name: string;
  firstName: string;
  lastName: string;
  identifiers: Identifier[];
  ownerId: string;
  ownerName: string;
  source: string;
  stage: string;
  createdAt: number;
  modifiedAt: number;
  /** Names of the fields above that are hidden from the user. */
  maskedFields: string[];
}

export interface Failure {
  code: string;
  text: string;
  next: string;
}

export interface Media {
  id: string;
  state: string;
  /** What the file is: image, video, audio, document, sticker or contacts; empty while unknown. */
  kind: string;
  contentType: string;
  name: string;
  size: number;
  /** There is a small picture of it. */
  preview: boolean;
  /** Of a picture, in pixels; 0 while unknown. */
  width: number;
  height: number;
  /** Why it is not here, or late, as a sentence. */
  reason: string;
  version: number;
}

export interface Message {
  id: string;
  conversationId: string;
  seq: number;
  inbound: boolean;
  /** Between colleagues: a note, or a line about a new owner. The lead never sees it. */
  internal: boolean;
  kind: string;
  text: string;
  status: Status;
  clientId: string;
  authorId: string;
  authorName: string;
  templateName: string;
  failure?: Failure;
  retryOf: string;
  media: Media[];
  createdAt: number;
  providerAt: number;
  /** Users that a note names. */
  mentionIds: string[];
  /** Rises when a note is changed. */
  revision: number;
  editedAt: number;
  deletedAt: number;
  /** The lead may be asking not to be written to. */
  asksStop: boolean;
}

export interface Conversation {
  id: string;
  leadId: string;
  leadName: string;
  ownerId: string;
  channel: Channel;
  identifier: Identifier;
  sender: Sender;
  lastSeq: number;
  lastMessage?: Message;
  /** 0 when the window was never open, and for SMS, which has none. */
  windowExpiresAt: number;
  version: number;
  inboundCount: number;
  /** Its place in lists where that is not the newest message's time; 0 where it is. */
  activeAt: number;
  /** 0 when it is not snoozed. */
  snoozedUntil: number;
  snoozedById: string;
  /** When it came back from a snooze; 0 once somebody has taken note of that. */
  backAt: number;
}

/** How far the asking user has read a conversation. */
export interface Marker {
  seq: number;
  inboundRead: number;
}

/** What asks for the user's eyes beside the lead's messages. */
export interface Mark {
  unread: boolean;
  /** marked | given | back; empty when it is not unread. */
  why: string;
  /** The newest note that names the user and is not read yet; 0 for none. */
  mentionSeq: number;
  /** The newest note that names the user, read or not; 0 for none. */
  namedSeq: number;
  byId: string;
  version: number;
}

export const noMark: Mark = { unread: false, why: "", mentionSeq: 0, namedSeq: 0, byId: "", version: 0 };

export interface Template {
  id: string;
  channel: Channel;
  name: string;
  language: string;
  category: string;
  body: string;
  footer: string;
  buttons: string[];
  variables: { name: string; example: string }[];
  header: { kind: string; text: string } | undefined;
  /** What the buttons do; none where it is not known. */
  actions: { kind: string; text: string; value: string; example: string }[];
}
