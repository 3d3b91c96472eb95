import type { Desk } from "../../core/desk.js";
import type { ListRoutingRulesResponseJson } from "../../gen/converse/v1/routing_pb.js";
import { phone } from "../../ui/format.js";
import { useLoad, type Loaded } from "../useLoad.js";

/** A number of ours that leads write to. */
export interface Sender {
  id: string;
  label: string;
}

export interface Routing {
  view: ListRoutingRulesResponseJson;
  senders: Sender[];
}

/** The rules and what they can be made of. */
export function useRouting(desk: Desk): Loaded<Routing> {
  return useLoad(async () => {
    const [view, { connectors = [] }] = await Promise.all([
      desk.call("AdminService/ListRoutingRules", {}),
      desk.call("ConnectorService/ListConnectors", {}),
    ]);
    const senders = connectors.flatMap((connector) =>
      (connector.senders ?? []).map(({ id = "", label = "", address = "" }) => ({ id, label: label ? `${label} ${phone(address)}` : phone(address) })),
    );
    return { view, senders };
  }, [desk]);
}
