/**
 * Numbers that rise when something changed that is not kept here: whoever shows it reads
 * it again.
 */
import { signal, type ReadonlySignal } from "@preact/signals-core";
import type { EventJson } from "../gen/converse/v1/socket_pb.js";

export class Changes {
  private readonly manyLeads = signal(0);
  private readonly someConnector = signal(0);
  private readonly someTemplate = signal(0);

  /** Many leads were made or changed at once. */
  get leads(): ReadonlySignal<number> {
    return this.manyLeads;
  }

  /** Something became of a connector. */
  get connectors(): ReadonlySignal<number> {
    return this.someConnector;
  }

  /** A template came, went, or stands elsewhere in its review. */
  get templates(): ReadonlySignal<number> {
    return this.someTemplate;
  }

  /** Takes events. What was missed may have been about a connector. */
  apply(events: readonly EventJson[], missed: boolean): void {
    const states = events.flatMap((event) => (event.connectorChanged ? [event.connectorChanged.state ?? ""] : []));
    if (events.some((event) => event.leadsChanged)) this.manyLeads.value++;
    if (missed || states.some((state) => state !== "templates")) this.someConnector.value++;
    if (missed || states.includes("templates")) this.someTemplate.value++;
  }
}
