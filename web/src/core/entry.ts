import { batch, signal, type ReadonlySignal, type Signal } from "@preact/signals-core";
import type { Failure, Media, Message } from "./model.js";
import { join, type Status } from "./status.js";

/**
 * One message as screens follow it. What can change has a signal of its own, so a
 * tick repaints a tick and nothing else. Every change is a join: the same reports
 * in any order end in the same picture.
 */
export class Entry {
  readonly id: string;
  readonly seq: number;
  /** Stays the same from the first click on send, so that the bubble keeps its place. */
  readonly key: string;
  readonly message: Message;
  private readonly currentStatus: Signal<Status>;
  private readonly currentFailure: Signal<Failure | undefined>;
  private readonly currentMedia: Signal<readonly Media[]>;
  private readonly revised: Signal<Message> | undefined;
  private failedAt = 0;

  constructor(message: Message) {
    this.id = message.id;
    this.seq = message.seq;
    this.key = message.clientId || message.id;
    this.message = message;
    this.currentStatus = signal(message.status);
    this.currentFailure = signal(message.failure);
    this.currentMedia = signal(message.media);
    // Nothing else is ever changed by its author.
    this.revised = message.kind === "note" ? signal(message) : undefined;
  }

  /** The message as it is now; its `message` is how it was first heard of. */
  get latest(): Message {
    return this.revised?.value ?? this.message;
  }

  get status(): ReadonlySignal<Status> {
    return this.currentStatus;
  }

  get failure(): ReadonlySignal<Failure | undefined> {
    return this.currentFailure;
  }

  get media(): ReadonlySignal<readonly Media[]> {
    return this.currentMedia;
  }

  /** Joins another copy of the message. */
  merge(message: Message): void {
    batch(() => {
      this.report(message.status, message.failure, 0);
      if (this.revised && message.revision > this.revised.value.revision) this.revised.value = message;
      if (message.media.length > 0) this.currentMedia.value = joinMedia(this.currentMedia.value, message.media);
    });
  }

  /** Joins a report of a status. */
  report(status: Status, failure: Failure | undefined, at: number): void {
    const before = this.currentStatus.value;
    const after = join(before, status);
    if (after !== before) {
      batch(() => {
        this.currentStatus.value = after;
        this.explain(failure, at);
      });
    } else if (status === after && failure && this.laterFailure(failure, at)) {
      this.explain(failure, at);
    }
  }

  private explain(failure: Failure | undefined, at: number): void {
    this.currentFailure.value = failure;
    this.failedAt = at;
  }

  // Of two explanations of one status the later report wins; at the same time any
  // fixed order will do.
  private laterFailure(failure: Failure, at: number): boolean {
    const current = this.currentFailure.value;
    if (!current || at !== this.failedAt) return !current || at > this.failedAt;
    return failure.code + failure.text > current.code + current.text;
  }
}

/** Joins two copies of a message's files, of each file the later one. */
export function joinMedia(a: readonly Media[], b: readonly Media[]): readonly Media[] {
  const byId = new Map(a.map((media) => [media.id, media]));
  let changed = false;
  for (const media of b) {
    const known = byId.get(media.id);
    if (!known || media.version > known.version) {
      byId.set(media.id, media);
      changed = true;
    }
  }
  return changed ? [...byId.values()] : a;
}
