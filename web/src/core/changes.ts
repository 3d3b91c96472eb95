/**
 * Numbers that rise when something changed that is not kept here: whoever shows it reads
 * it again.
 */
import { signal, type ReadonlySignal } from "@preact/signals-core";
import type { EventJson } from "../gen/converse/v1/socket_pb.js";

export class Changes {
  private readonly manyLeads = signal(0);
  private readonly someConnector = signal(0);

  /** Many leads were made or changed at once. */
  get leads(): ReadonlySignal<number> {
    return this.manyLeads;
  }

  /** Something became of a connector. */
  get connectors(): ReadonlySignal<number> {
    return this.someConnector;
  }

  /** Takes events. What was missed may have been about a connector. */
  apply(events: readonly EventJson[], missed: boolean): void {
    if (events.some((event) => event.leadsChanged)) this.manyLeads.value++;
    if (missed || events.some((event) => event.connectorChanged)) this.someConnector.value++;
  }
}
