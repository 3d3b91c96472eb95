import { signal, type ReadonlySignal } from "@preact/signals-core";
import { Entry } from "./entry.js";
import type { Message } from "./model.js";

/**
 * The messages of one conversation that this client has, ordered by seq and by
 * nothing else. Before the first page only the newest is kept, for the list. From
 * `from` on, every seq that is absent is a hole to be filled.
 */
export class Thread {
  private readonly entries = new Map<number, Entry>();
  private readonly shown = signal<readonly Entry[]>([]);
  private readonly first = signal(0);
  private readonly last = signal<Entry | undefined>(undefined);
  private dirty = false;

  /** Loaded messages in order. Empty until the first page came. */
  get list(): ReadonlySignal<readonly Entry[]> {
    return this.shown;
  }

  /** The lowest seq that is loaded; 0 before the first page. */
  get from(): ReadonlySignal<number> {
    return this.first;
  }

  /** The newest message known. */
  get newest(): ReadonlySignal<Entry | undefined> {
    return this.last;
  }

  get(seq: number): Entry | undefined {
    return this.entries.get(seq);
  }

  /** Whether a report about this seq is of use here, now or when its message comes. */
  wants(seq: number): boolean {
    return seq >= (this.first.value || (this.last.value?.seq ?? 0));
  }

  /** Adds a message or joins it with the copy that is here. */
  put(message: Message): Entry | undefined {
    const known = this.entries.get(message.seq);
    if (known) {
      known.merge(message);
      return known;
    }
    if (!this.wants(message.seq)) return undefined;
    return this.add(message);
  }

  /** Takes a page that reaches down to seq `from`, without holes. */
  load(messages: readonly Message[], from: number): Entry[] {
    if (this.first.value === 0 || from < this.first.value) this.first.value = from;
    const entries = messages.map((message) => {
      const known = this.entries.get(message.seq);
      known?.merge(message);
      return known ?? this.add(message);
    });
    this.dirty = true;
    this.publish();
    return entries;
  }

  /** Forgets what lies below a seq. */
  forgetBelow(seq: number): void {
    for (const known of this.entries.keys()) {
      if (known < seq) this.entries.delete(known);
    }
    if (this.first.value !== 0) this.first.value = Math.max(seq, this.first.value);
    this.dirty = true;
    this.publish();
  }

  /** Forgets all but the newest; the next look loads the rest again. */
  forget(): void {
    this.forgetBelow(this.last.value?.seq ?? 0);
    this.first.value = 0;
    this.dirty = true;
    this.publish();
  }

  /** Shows what was put since the last time. */
  publish(): void {
    if (!this.dirty) return;
    this.dirty = false;
    const from = this.first.value;
    this.shown.value = from === 0 ? [] : [...this.entries.values()].filter((e) => e.seq >= from).sort((a, b) => a.seq - b.seq);
  }

  /** The first seq from `from` on that is missing, looking up to `upTo`; 0 when none is. */
  hole(upTo: number): number {
    if (this.first.value === 0) return 0;
    const end = Math.max(upTo, this.last.value?.seq ?? 0);
    for (let seq = this.first.value; seq <= end; seq++) {
      if (!this.entries.has(seq)) return seq;
    }
    return 0;
  }

  /** The last seq that somebody has seen who saw one, when what they wrote follows on it. */
  through(seq: number, userId: string): number {
    let seen = seq;
    while (this.get(seen + 1)?.message.authorId === userId) seen++;
    return seen;
  }

  private add(message: Message): Entry {
    const entry = new Entry(message);
    const newest = this.last.value;
    if (!newest || entry.seq > newest.seq) {
      this.last.value = entry;
      if (newest && this.first.value === 0) this.entries.delete(newest.seq);
    }
    this.entries.set(entry.seq, entry);
    this.dirty = true;
    return entry;
  }
}
