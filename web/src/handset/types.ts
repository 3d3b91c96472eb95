/** What the sandbox's handset API says, field by field. */

export type Channel = "sms" | "whatsapp";
export type Status = "queued" | "sent" | "delivered" | "read" | "failed";

export interface Row {
  id: string;
  phone?: string;
  whatsappId?: string;
  hidePhone?: boolean;
  name?: string;
  readReceipts: boolean;
  autoRead: boolean;
  flight: boolean;
  silent: boolean;
  unread: number;
  lastAt?: string;
  lastText?: string;
  lastChannel?: Channel;
  revision: number;
}

export interface Handset extends Row {
  threads: Thread[];
}

export interface Thread {
  key: string;
  provider: string;
  channel: Channel;
  address: string;
  label: string;
  unread: number;
  windowUntil?: string;
  typingUntil?: string;
  messages: Message[];
  oldest?: string;
}

export interface Button {
  style: "quick_reply" | "button_reply" | "list_reply" | "url";
  id: string;
  title: string;
  description?: string;
}

export interface Media {
  id?: string;
  contentType?: string;
  name?: string;
  size?: number;
  voice?: boolean;
  link?: string;
}

export interface Message {
  id: string;
  mine: boolean;
  kind: string;
  text?: string;
  at: string;
  status: Status;
  code?: string;
  shown: boolean;
  seen: boolean;
  header?: string;
  footer?: string;
  template?: string;
  buttons?: Button[];
  media?: Media[];
  location?: { latitude: number; longitude: number; name?: string; address?: string };
  contacts?: { name: string; phone: string }[];
  replyTo?: string;
  myEmoji?: string;
  theirEmoji?: string;
  type?: string;
}

export interface Sender {
  key: string;
  provider: string;
  channel: Channel;
  address: string;
  label?: string;
  kinds: string[];
  reads: boolean;
}

export interface Setup {
  senders: Sender[];
  providers: string[];
  faultKinds: string[];
  /** Whether a page of a customer's own is served beside. */
  host: boolean;
}

export interface Fault {
  provider?: string;
  kind: string;
  share: number;
  delayMs?: number;
  handset?: string;
  status?: number;
}

export interface Call {
  seq: number;
  time: string;
  provider: string;
  path: string;
  to: string;
  reference: string;
  text: string;
  status: number | "hung" | "reset";
  accepted: boolean;
  id: string;
}

export interface Webhook {
  time: string;
  provider: string;
  about: string;
  messageId?: string;
  url: string;
  attempt: number;
  status: number;
  error?: string;
  milliseconds: number;
  body: string;
}

/** What a lead writes. */
export interface Writing {
  provider: string;
  to: string;
  kind?: string;
  text?: string;
  mediaId?: string;
  voice?: boolean;
  replyTo?: string;
  buttonId?: string;
  emoji?: string;
}

export type Switches = Partial<Pick<Row, "readReceipts" | "autoRead" | "flight" | "silent">> & { name?: string };
