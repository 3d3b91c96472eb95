import type { EventJson, PositionJson, ServerFrameJson } from "../gen/converse/v1/socket_pb.js";

/** What a frame asks of the client. */
export interface Taken {
  events: EventJson[];
  /** Whether something was missed for good, so that lists must be fetched again. */
  refetch: boolean;
}

/**
 * The place in each stream. A place is given back only after its events were
 * applied, so a connection that breaks off loses nothing.
 */
export class Resume {
  private readonly places = new Map<string, string>();

  /** The positions for hello. */
  positions(): PositionJson[] {
    return Array.from(this.places, ([stream, at]) => ({ stream, at }));
  }

  /** Reads a frame and calls apply with its events before the places move on. */
  take(frame: ServerFrameJson, apply: (taken: Taken) => void): void {
    const reset = (frame.resets ?? []).map((r) => r.stream ?? "");
    // The welcome names the place behind everything missed, which is still to come
    // for a stream that resumes. Only a stream that begins here starts from it.
    const begun = (frame.welcome?.positions ?? []).filter((p) => !this.places.has(p.stream ?? ""));
    const events = (frame.batches ?? []).flatMap((batch) => batch.events ?? []);
    apply({ events, refetch: reset.length > 0 || begun.length > 0 });

    if (frame.welcome) this.forgetOthers(frame.welcome.positions ?? []);
    for (const place of [...begun, ...(frame.resets ?? [])]) this.move(place);
    for (const batch of frame.batches ?? []) this.move(batch);
  }

  private move(place: PositionJson): void {
    if (place.stream && place.at) this.places.set(place.stream, place.at);
  }

  private forgetOthers(followed: PositionJson[]): void {
    const streams = new Set(followed.map((p) => p.stream));
    for (const stream of this.places.keys()) {
      if (!streams.has(stream)) this.places.delete(stream);
    }
  }
}
