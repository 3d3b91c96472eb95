/**
 * Everything of one signed-in user: what is known, what is on its way, and the
 * connection that keeps both true.
 */
import { effect, signal, type ReadonlySignal } from "@preact/signals-core";
import type { ServerFrameJson } from "../gen/converse/v1/socket_pb.js";
import type { LeadJson } from "../gen/converse/v1/types_pb.js";
import type { Call } from "./api.js";
import { Badge } from "./badge.js";
import { Changes } from "./changes.js";
import { ChatList, type Filter } from "./chatlist.js";
import { Counts } from "./counts.js";
import { Drafts } from "./drafts.js";
import type { Env } from "./env.js";
import { Gaps } from "./gaps.js";
import { watchHealth, type Health } from "./health.js";
import { Links } from "./links.js";
import { noticeOf, type Notice } from "./notice.js";
import { noMark, type Channel, type Org, type Template, type User } from "./model.js";
import { Newest } from "./newest.js";
import { Outbox } from "./outbox.js";
import { Presence } from "./presence.js";
import { Pulse } from "./pulse.js";
import { Reader } from "./reader.js";
import { Resume, type Taken } from "./resume.js";
import type { Rights } from "./rights.js";
import { LiveSocket } from "./socket.js";
import { Store } from "./store.js";
import { TemplateShelf } from "./templateshelf.js";
import { Timers } from "./timers.js";
import type { ConversationView } from "./view.js";
import { Views } from "./views.js";
import { Waiting } from "./waiting.js";

export interface Who {
  user: User;
  org: Org;
  colleagues: User[];
  rights: Rights;
}

// What closes a connection for good.
const lostBy: ReadonlySet<string> = new Set(["SignedOut", "Unauthenticated", "Policy", "AccessChanged"]);
// Lists wait this long for the connection, so that what happens between the answer
// and the first event is not missed and nothing is loaded twice.
const welcomeMs = 700;

export class Desk {
  readonly user: User;
  readonly org: Org;
  readonly rights: Rights;
  readonly colleagues: ReadonlyMap<string, User>;
  readonly store = new Store();
  readonly socket: LiveSocket;
  readonly outbox: Outbox;
  readonly drafts: Drafts;
  readonly presence: Presence;
  readonly reader: Reader;
  readonly waiting: Waiting;
  readonly links: Links;
  readonly health: ReadonlySignal<Health>;
  readonly changes = new Changes();
  /** How many conversations each filter lists. */
  readonly counts: Counts;
  /** The conversation on screen; empty for none. */
  readonly active = signal("");
  private readonly lists = new Map<string, ChatList>();
  private readonly noticed = signal<Notice | undefined>(undefined);
  private readonly badge: Badge;
  private readonly pulse: Pulse;
  private readonly resume = new Resume();
  private readonly gaps: Gaps;
  private readonly templates: TemplateShelf;
  private readonly views = new Views(this);
  private readonly ends: (() => void)[] = [];
  private readonly leadWatchers = new Set<(lead: LeadJson) => void>();
  private readonly timers: Timers;
  private readonly newest: Newest;
  private begun = false;
  private announceBegun = (): void => undefined;
  private readonly whenBegun = new Promise<void>((resolve) => (this.announceBegun = resolve));

  constructor(
    readonly env: Env,
    readonly call: Call,
    who: Who,
    onLost: (closedBy: string) => void,
  ) {
    this.user = who.user;
    this.org = who.org;
    this.rights = who.rights;
    this.colleagues = new Map(who.colleagues.map((user) => [user.id, user]));
    this.timers = new Timers(env.clock);
    this.badge = new Badge(this.store, who.user.id);
    // A machine that slept holds connections that look alive and are not.
    this.pulse = new Pulse(env.clock, this.timers, () => this.socket.renew());
    this.newest = new Newest(env.clock, this.timers, call, this.store, this.badge);
    this.templates = new TemplateShelf(call, this.changes.templates);
    this.presence = new Presence(env.clock, () => who.user.id);
    this.drafts = new Drafts(env, who.user.id);
    this.gaps = new Gaps(env.clock, call, this.store);
    this.reader = new Reader(env.clock, call, (count) => this.badge.set(count));
    this.links = new Links(env, call);
    this.waiting = new Waiting(env.clock, env.random, call);
    this.outbox = new Outbox({
      env,
      call,
      userId: who.user.id,
      onSent: (message) => this.store.putMessage(message),
      onHeld: (id) => this.gaps.fetchNewer(id),
      seenThrough: (id, seq) => this.store.get(id)?.thread.through(seq, who.user.id) ?? seq,
    });
    this.socket = new LiveSocket({
      env,
      ticket: async () => {
        const { ticket = "", rightsVersion = 0 } = await call("AuthService/CreateTicket", {});
        // They changed while there was no connection to say so.
        if (rightsVersion !== who.rights.version) onLost("AccessChanged");
        return ticket;
      },
      positions: () => this.resume.positions(),
      onFrame: (frame) => this.hear(frame),
    });
    const { health, stop } = watchHealth(env, this.socket);
    this.health = health;
    this.counts = new Counts(env.clock, call);
    this.ends.push(
      stop,
      effect(() => {
        const { value } = this.socket.closedBy;
        if (lostBy.has(value)) onLost(value);
      }),
    );
  }

  /** Unread messages of all leads the user owns. */
  get unreadMine(): ReadonlySignal<number> {
    return this.badge.unread;
  }

  /** What a colleague or a snooze has just asked the user to look at. */
  get notice(): ReadonlySignal<Notice | undefined> {
    return this.noticed;
  }

  /** The list of a filter and a channel, empty for both. */
  list(filter: Filter, channel: Channel | "" = ""): ChatList {
    const key = `${filter} ${channel}`;
    let list = this.lists.get(key);
    if (!list) {
      list = new ChatList(filter, channel, {
        call: this.call,
        store: this.store,
        userId: this.user.id,
        now: this.now,
        active: this.active,
        draftOf: (id) => this.drafts.of(id),
        onAnswer: (answer) => this.badge.set(answer.unreadMine ?? 0),
      });
      this.lists.set(key, list);
    }
    return list;
  }

  /** The time, moving on every few seconds: for labels and windows. */
  get now(): ReadonlySignal<number> {
    return this.pulse.now;
  }

  start(): void {
    this.pulse.start();
    this.socket.start();
    void this.outbox.start();
    this.timers.set("begin", welcomeMs, () => this.begin());
    let live = false;
    this.ends.push(
      effect(() => {
        const now = this.socket.state.value === "live" && this.env.online.value;
        if (now && !live) this.outbox.flush();
        live = now;
      }),
      effect(() => {
        if (this.env.online.value) this.outbox.flush();
      }),
    );
  }

  stop(): void {
    this.drafts.save();
    this.socket.stop();
    this.outbox.stop();
    this.gaps.stop();
    this.reader.stop();
    this.waiting.stop();
    this.counts.stop();
    for (const end of this.ends) end();
    this.timers.stop();
  }

  /** When first requests make sense: the connection is open, or will not be soon. */
  get ready(): Promise<void> {
    return this.whenBegun;
  }

  view(id: string): ConversationView {
    return this.views.of(id);
  }

  /** Has a function told of every lead that changes, until what is returned is called. */
  onLead(watch: (lead: LeadJson) => void): () => void {
    this.leadWatchers.add(watch);
    return () => this.leadWatchers.delete(watch);
  }

  /** The templates that can be sent in a conversation, fetched once until they change. */
  templatesOf(conversationId: string): Promise<Template[]> {
    return this.templates.of(conversationId);
  }

  /** Moves the user's marker here and on the server. */
  markRead(id: string, seq: number): void {
    const { unread, mentionSeq } = this.store.get(id)?.mark.value ?? noMark;
    this.badge.around([id], () => this.store.markRead(id, seq));
    this.reader.read(id, seq, unread || mentionSeq > 0);
    this.counts.stale();
  }

  private hear(frame: ServerFrameJson): void {
    if (frame.roster) this.presence.replace(frame.roster.presence ?? []);
    this.resume.take(frame, (taken) => this.take(taken));
    if (frame.welcome) this.begin();
  }

  private take({ events, refetch }: Taken): void {
    this.presence.apply(events);
    this.changes.apply(events, refetch);
    this.waiting.apply(events);
    const ids = new Set(events.map((e) => e.message?.conversation?.id ?? e.conversation?.id ?? e.read?.conversationId ?? ""));
    for (const { mark } of events) {
      const notice = mark && noticeOf(mark, this.store.get(mark.conversationId ?? "")?.mark.value ?? noMark);
      if (notice) this.noticed.value = notice;
    }
    const touched = this.badge.around(ids, () => {
      const changed = this.store.apply(events);
      for (const { removed } of events) if (removed) this.views.forget(this.store.remove(removed));
      return changed;
    });
    if (touched.size > 0 || events.some(({ mark }) => mark)) this.counts.stale();
    for (const { message } of events) {
      if (message?.message?.authorId === this.user.id) void this.outbox.discard(message.message.clientId ?? "");
    }
    for (const { lead } of events) {
      if (!lead) continue;
      for (const watch of this.leadWatchers) watch(lead);
      // With a lead its conversations go, and come back.
      if (lead.deletedAt) refetch = true;
    }
    this.gaps.check(touched);
    if ([...touched].some((chat) => !chat.marker.value)) this.newest.fetch();
    // What was fetched before the connection opened may lack what happened between.
    if (refetch && this.begun) this.refetch();
  }

  /** First look at the lists, once. */
  private begin(): void {
    if (this.begun) return;
    this.begun = true;
    this.timers.cancel("begin");
    this.announceBegun();
    this.timers.attempt("begin", () => this.list("all").load());
    this.timers.attempt("waiting", () => this.waiting.load());
    this.counts.stale();
  }

  private refetch(): void {
    for (const chat of this.store.all.value) {
      if (!this.views.isOpen(chat.id)) chat.thread.forget();
    }
    this.templates.clear();
    const open = this.views.open();
    this.timers.attempt("waiting", () => this.waiting.load());
    this.timers.attempt("refetch", async () => {
      const lists = Promise.all([...this.lists.values()].map((list) => list.refetch()));
      const [listed] = await Promise.all([lists, ...open.map((view) => view.refetch())]);
      this.keepOnly(new Set(listed.flat()));
    });
  }

  // What was missed may be that a lead passed to somebody else. What is not listed any
  // more, or lies further back, is fetched again when it is looked for.
  private keepOnly(listed: ReadonlySet<string>): void {
    for (const chat of this.store.all.value) {
      const wanted = this.views.isOpen(chat.id) || this.drafts.of(chat.id).value !== "";
      if (!listed.has(chat.id) && !wanted) this.views.forget(this.store.remove({ conversationId: chat.id }));
    }
  }
}
