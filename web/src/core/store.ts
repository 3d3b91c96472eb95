/**
 * Everything the client knows about conversations and messages, merged by the
 * rules of internal/chat/event.go: messages by seq, ticks by join, conversations and
 * marks by version, notes by revision, read markers by maximum. Applying the same events again or in another
 * order ends in the same picture.
 */
import { batch, computed, signal, type ReadonlySignal, type Signal } from "@preact/signals-core";
import type { EventJson, RemovedJson, TickJson } from "../gen/converse/v1/socket_pb.js";
import type { ConversationJson } from "../gen/converse/v1/types_pb.js";
import type { Entry } from "./entry.js";
import { toConversation, toFailure, toMark, toMarker, toMessage, toTime } from "./frompb.js";
import { noMark, type Conversation, type Mark, type Marker, type Message } from "./model.js";
import { parseStatus } from "./status.js";
import { Thread } from "./thread.js";

/** One conversation as screens follow it. */
export interface Chat {
  readonly id: string;
  readonly data: ReadonlySignal<Conversation>;
  /** Absent until the server told this user's marker: events do not carry it. */
  readonly marker: ReadonlySignal<Marker | undefined>;
  readonly unread: ReadonlySignal<number>;
  /** The user's own mark: asked for eyes beside the lead's messages. */
  readonly mark: ReadonlySignal<Mark>;
  /** Whether anything asks for the user's eyes. */
  readonly calls: ReadonlySignal<boolean>;
  /** The newest message, with its live tick. */
  readonly last: ReadonlySignal<Entry | undefined>;
  readonly thread: Thread;
}

interface OwnChat extends Chat {
  readonly data: Signal<Conversation>;
  readonly marker: Signal<Marker | undefined>;
  readonly mark: Signal<Mark>;
}

// Ticks that wait for their message: it is about to come, or of no interest.
const mostEarlyTicks = 200;

export class Store {
  private readonly chats = new Map<string, OwnChat>();
  private readonly known = signal<readonly Chat[]>([]);
  private readonly earlyTicks = new Map<string, TickJson[]>();
  private readonly earlyMarkers = new Map<string, Marker>();
  private readonly earlyMarks = new Map<string, Mark>();

  /** Every conversation seen so far, in no order. */
  get all(): ReadonlySignal<readonly Chat[]> {
    return this.known;
  }

  get(id: string): Chat | undefined {
    return this.chats.get(id);
  }

  /** Takes a conversation from an answer to this user, which carries the marker. */
  putAnswer(json: ConversationJson): Chat {
    return batch(() => {
      const chat = this.putConversation(toConversation(json));
      this.raiseMarker(chat, toMarker(json));
      if (json.mark) raiseMark(chat, toMark(json.mark));
      return chat;
    });
  }

  /** Takes a message from an answer. */
  putMessage(message: Message): void {
    const chat = this.chats.get(message.conversationId);
    if (!chat) return;
    batch(() => {
      this.putInThread(chat, message);
      chat.thread.publish();
    });
  }

  /** Takes a page of messages that reaches down to seq `from`, without holes. */
  putPage(id: string, messages: readonly Message[], from: number): void {
    const chat = this.chats.get(id);
    if (!chat) return;
    batch(() => {
      for (const entry of chat.thread.load(messages, from)) this.takeEarlyTicks(id, entry);
    });
  }

  /** Applies events and returns the conversations they touched. */
  apply(events: readonly EventJson[]): Set<Chat> {
    const touched = new Set<Chat>();
    batch(() => {
      for (const event of events) {
        const chat = this.applyOne(event);
        if (chat) touched.add(chat);
      }
      for (const chat of touched) chat.thread.publish();
    });
    return touched;
  }

  /** Forgets a conversation, or all of a lead, and returns their ids. */
  remove({ conversationId, leadId }: RemovedJson): string[] {
    const gone = this.known.value.filter((chat) => chat.id === conversationId || (leadId && chat.data.value.leadId === leadId));
    for (const chat of gone) {
      chat.thread.forget();
      this.chats.delete(chat.id);
    }
    if (gone.length > 0) this.known.value = this.known.value.filter((chat) => this.chats.has(chat.id));
    return gone.map((chat) => chat.id);
  }

  /** Moves the user's own marker at once, before the server confirms it. */
  markRead(id: string, seq: number): void {
    const chat = this.chats.get(id);
    if (!chat) return;
    const { inboundCount, lastSeq } = chat.data.value;
    const inboundRead = seq >= lastSeq ? inboundCount : (chat.marker.value?.inboundRead ?? 0);
    this.raiseMarker(chat, { seq, inboundRead });
    const mark = chat.mark.value;
    // The server's word on it has a higher version.
    if (chat.calls.value) chat.mark.value = { ...mark, unread: false, why: "", mentionSeq: mark.mentionSeq <= seq ? 0 : mark.mentionSeq };
  }

  /** Takes the user's mark from an answer. */
  putMark(id: string, mark: Mark): void {
    const chat = this.chats.get(id);
    if (chat) raiseMark(chat, mark);
    else if (mark.version > (this.earlyMarks.get(id)?.version ?? 0)) this.earlyMarks.set(id, mark);
  }

  private applyOne(event: EventJson): OwnChat | undefined {
    if (event.message) {
      const chat = this.putConversation(toConversation(event.message.conversation));
      this.putInThread(chat, toMessage(event.message.message));
      return chat;
    }
    if (event.conversation) return this.putConversation(toConversation(event.conversation));
    if (event.tick) this.tick(event.tick);
    if (event.mark) this.putMark(event.mark.conversationId ?? "", toMark(event.mark));
    if (event.read) this.read(event.read.conversationId ?? "", toReadMarker(event.read));
    return undefined;
  }

  private putConversation(data: Conversation): OwnChat {
    const chat = this.chats.get(data.id) ?? this.add(data);
    if (data.version > chat.data.value.version) chat.data.value = data;
    if (data.lastMessage) this.putInThread(chat, data.lastMessage);
    chat.thread.publish();
    return chat;
  }

  private add(data: Conversation): OwnChat {
    const thread = new Thread();
    const content = signal(data);
    const marker = signal<Marker | undefined>(this.earlyMarkers.get(data.id));
    const unread = computed(() =>
      marker.value ? Math.max(0, content.value.inboundCount - marker.value.inboundRead) : 0,
    );
    const mark = signal<Mark>(this.earlyMarks.get(data.id) ?? noMark);
    const calls = computed(() => unread.value > 0 || mark.value.unread || mark.value.mentionSeq > 0);
    const chat: OwnChat = { id: data.id, data: content, marker, unread, mark, calls, last: thread.newest, thread };
    this.earlyMarkers.delete(data.id);
    this.earlyMarks.delete(data.id);
    this.chats.set(data.id, chat);
    this.known.value = [...this.known.value, chat];
    return chat;
  }

  private putInThread(chat: OwnChat, message: Message): void {
    const entry = chat.thread.put(message);
    if (entry) this.takeEarlyTicks(chat.id, entry);
  }

  private takeEarlyTicks(id: string, entry: Entry): void {
    const key = tickKey(id, entry.seq);
    const early = this.earlyTicks.get(key);
    this.earlyTicks.delete(key);
    for (const tick of early ?? []) report(entry, tick);
  }

  private tick(tick: TickJson): void {
    const { conversationId = "", seq = 0 } = tick;
    const thread = this.chats.get(conversationId)?.thread;
    const entry = thread?.get(seq);
    if (entry) return report(entry, tick);
    if (thread && !thread.wants(seq)) return;
    const key = tickKey(conversationId, seq);
    this.earlyTicks.set(key, [...(this.earlyTicks.get(key) ?? []), tick]);
    for (const oldest of this.earlyTicks.keys()) {
      if (this.earlyTicks.size <= mostEarlyTicks) break;
      this.earlyTicks.delete(oldest);
    }
  }

  private read(id: string, marker: Marker): void {
    const chat = this.chats.get(id);
    if (chat) this.raiseMarker(chat, marker);
    else this.earlyMarkers.set(id, maxMarker(this.earlyMarkers.get(id), marker));
  }

  private raiseMarker(chat: OwnChat, marker: Marker): void {
    const before = chat.marker.value;
    const raised = maxMarker(before, marker);
    if (!before || raised.seq !== before.seq || raised.inboundRead !== before.inboundRead) chat.marker.value = raised;
  }
}

function raiseMark(chat: OwnChat, mark: Mark): void {
  if (mark.version > chat.mark.value.version) chat.mark.value = mark;
}

function report(entry: Entry, tick: TickJson): void {
  entry.report(parseStatus(tick.status), toFailure(tick.failure), toTime(tick.at));
}

function tickKey(conversationId: string, seq: number): string {
  return `${conversationId}/${seq}`;
}

function toReadMarker(json: { seq?: number; inboundRead?: number }): Marker {
  return { seq: json.seq ?? 0, inboundRead: json.inboundRead ?? 0 };
}

function maxMarker(a: Marker | undefined, b: Marker): Marker {
  return { seq: Math.max(a?.seq ?? 0, b.seq), inboundRead: Math.max(a?.inboundRead ?? 0, b.inboundRead) };
}
