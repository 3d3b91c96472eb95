/**
 * The things screens show, with every field present: the JSON form of the protocol
 * leaves out what is empty.
 */
import type * as pb from "../gen/converse/v1/types_pb.js";
import type { TemplateJson } from "../gen/converse/v1/template_pb.js";
import { parseStatus, type Status } from "./status.js";

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
  /** Why it is not here, as a sentence. */
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

export function toChannel(text: string | undefined): Channel {
  return text === "whatsapp" ? "whatsapp" : "sms";
}

/** Milliseconds since 1970, 0 for an absent time. */
export function toTime(text: string | undefined): number {
  const time = text ? Date.parse(text) : 0;
  return Number.isNaN(time) ? 0 : time;
}

export function toUser(json: pb.UserJson = {}): User {
  return { id: json.id ?? "", name: json.name ?? "", email: json.email ?? "", role: json.role ?? "" };
}

export function toIdentifier(json: pb.IdentifierJson = {}): Identifier {
  return {
    id: json.id ?? "",
    kind: json.kind ?? "",
    value: json.value ?? "",
    label: json.label ?? "",
    masked: json.masked ?? false,
    invalid: json.invalid ?? false,
    optedOut: Boolean(json.optedOutAt),
    stops: json.stops ?? [],
  };
}

export function toSender(json: pb.SenderJson = {}): Sender {
  return {
    id: json.id ?? "",
    connectorId: json.connectorId ?? "",
    provider: json.provider ?? "",
    channel: toChannel(json.channel),
    address: json.address ?? "",
    label: json.label ?? "",
  };
}

export function toLead(json: pb.LeadJson = {}): Lead {
  const identifiers = (json.identifiers ?? []).map(toIdentifier);
  const name = `${json.firstName ?? ""} ${json.lastName ?? ""}`.trim();
  return {
    id: json.id ?? "",
    name: name || (identifiers[0]?.value ?? ""),
    firstName: json.firstName ?? "",
    lastName: json.lastName ?? "",
    identifiers,
    ownerId: json.ownerId ?? "",
    ownerName: json.ownerName ?? "",
    source: json.source ?? "",
    stage: json.stage ?? "",
    createdAt: toTime(json.createdAt),
    modifiedAt: toTime(json.modifiedAt),
    maskedFields: json.maskedFields ?? [],
  };
}

export function toFailure(json: pb.FailureJson | undefined): Failure | undefined {
  return json && { code: json.code ?? "", text: json.text ?? "", next: json.next ?? "" };
}

function toMedia(json: pb.MediaJson): Media {
  return {
    id: json.id ?? "",
    state: json.state ?? "loading",
    kind: json.kind ?? "",
    contentType: json.contentType ?? "",
    name: json.name ?? "",
    size: Number(json.size ?? 0),
    preview: json.hasPreview ?? false,
    width: json.width ?? 0,
    height: json.height ?? 0,
    reason: json.reason ?? "",
    version: json.version ?? 0,
  };
}

export function toMessage(json: pb.MessageJson = {}): Message {
  const message: Message = {
    id: json.id ?? "",
    conversationId: json.conversationId ?? "",
    seq: json.seq ?? 0,
    inbound: json.direction === "inbound",
    internal: json.direction === "internal",
    kind: json.kind ?? "text",
    text: json.text ?? "",
    status: parseStatus(json.status),
    clientId: json.clientId ?? "",
    authorId: json.authorId ?? "",
    authorName: json.authorName ?? "",
    templateName: json.templateName ?? "",
    retryOf: json.retryOf ?? "",
    media: (json.media ?? []).map(toMedia),
    createdAt: toTime(json.createdAt),
    providerAt: toTime(json.providerAt),
    mentionIds: json.mentionIds ?? [],
    revision: json.revision ?? 0,
    editedAt: toTime(json.editedAt),
    deletedAt: toTime(json.deletedAt),
    asksStop: json.asksStop ?? false,
  };
  const failure = toFailure(json.failure);
  if (failure) message.failure = failure;
  return message;
}

export function toConversation(json: pb.ConversationJson = {}): Conversation {
  const conversation: Conversation = {
    id: json.id ?? "",
    leadId: json.leadId ?? "",
    leadName: json.leadName ?? "",
    ownerId: json.ownerId ?? "",
    channel: toChannel(json.channel),
    identifier: toIdentifier(json.identifier),
    sender: toSender(json.sender),
    lastSeq: json.lastSeq ?? 0,
    windowExpiresAt: toTime(json.windowExpiresAt),
    version: json.version ?? 0,
    inboundCount: json.inboundCount ?? 0,
    activeAt: toTime(json.activeAt),
    snoozedUntil: toTime(json.snoozedUntil),
    snoozedById: json.snoozedById ?? "",
    backAt: toTime(json.backAt),
  };
  if (json.lastMessage) conversation.lastMessage = toMessage(json.lastMessage);
  return conversation;
}

export function toMarker(json: pb.ConversationJson): Marker {
  return { seq: json.readSeq ?? 0, inboundRead: json.inboundRead ?? 0 };
}

export function toMark(json: pb.MarkJson = {}): Mark {
  return {
    unread: json.unread ?? false,
    why: json.why ?? "",
    mentionSeq: json.mentionSeq ?? 0,
    namedSeq: json.namedSeq ?? 0,
    byId: json.byId ?? "",
    version: json.version ?? 0,
  };
}

export function toTemplate(json: TemplateJson): Template {
  return {
    id: json.id ?? "",
    channel: toChannel(json.channel),
    name: json.name ?? "",
    language: json.language ?? "",
    category: json.category ?? "",
    body: json.body ?? "",
    footer: json.footer ?? "",
    buttons: json.buttons ?? [],
    variables: (json.variables ?? []).map((v) => ({ name: v.name ?? "", example: v.example ?? "" })),
    header: json.header && { kind: json.header.kind ?? "", text: json.header.text ?? "" },
    actions: (json.actions ?? []).map((a) => ({ kind: a.kind ?? "", text: a.text ?? "", value: a.value ?? "", example: a.example ?? "" })),
  };
}
