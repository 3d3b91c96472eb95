import { CircleAlert } from "lucide-preact";
import { useEffect } from "preact/hooks";
import type { Desk } from "../../core/desk.js";
import type { ConnectorJson } from "../../gen/converse/v1/connector_pb.js";
import { Icon } from "../../ui/Icon.js";
import { paths } from "../router.js";
import { useChanges } from "../useChanges.js";
import { useLoad } from "../useLoad.js";
import "./connectors.css";
import { w } from "./strings.js";

/** How often it is asked whether accounts still send, in case that an event was lost. */
const askMs = 10 * 60_000;

/** Whether nothing goes out over an account. */
const sendsNothing = (one: ConnectorJson): boolean => one.state === "paused" || Boolean(one.stopped);

/** Tells administrators, wherever they are, of accounts over which nothing goes out. */
export function ConnectorBanner({ desk }: { desk: Desk }) {
  // That nothing can be asked is told by the connection's own banner.
  const { data, refresh } = useLoad(async () => (await desk.call("ConnectorService/ListConnectors", {})).connectors ?? [], [desk]);
  useChanges(desk.changes.connectors, refresh);
  useEffect(() => {
    const timer = setInterval(refresh, askMs);
    return () => clearInterval(timer);
  }, [desk]);
  return (
    <>
      {(data ?? []).filter(sendsNothing).map((one) => (
        <div key={one.id} class="connector-banner" role="status" data-testid="connector-banner">
          <Icon of={CircleAlert} />
          <span class="grow">{one.state === "paused" ? w.bannerPaused(one.name ?? "") : w.bannerStopped(one.name ?? "")}</span>
          <a href={paths.settings("connectors", one.id ?? "")}>
            {w.look} <span class="sr">{one.name}</span>
          </a>
        </div>
      ))}
    </>
  );
}
