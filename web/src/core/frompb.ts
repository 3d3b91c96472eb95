/**
 * Makes the things of the model of the protocol's JSON form, which leaves out what is
 * empty.
 */
import type { TemplateJson } from "../gen/converse/v1/template_pb.js";
import type * as pb from "../gen/converse/v1/types_pb.js";
import type { Channel, Conversation, Failure, Identifier, Lead, Mark, Marker, Media, Message, Sender, Template, User } from "./model.js";
import { parseStatus } from "./status.js";

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
