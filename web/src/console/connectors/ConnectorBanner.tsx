import { CircleAlert } from "lucide-preact";
import { useEffect, useState } from "preact/hooks";
import type { Desk } from "../../core/desk.js";
import type { ConnectorJson } from "../../gen/converse/v1/connector_pb.js";
import { Icon } from "../../ui/Icon.js";
import { paths } from "../router.js";
import "./connectors.css";
import { w } from "./strings.js";

/** How often it is asked whether accounts still send. */
const askMs = 60_000;

/** Tells administrators, wherever they are, of accounts over which nothing goes out. */
export function ConnectorBanner({ desk }: { desk: Desk }) {
  const [stopped, setStopped] = useState<ConnectorJson[]>([]);
  useEffect(() => {
    const ask = () => {
      desk.call("ConnectorService/ListConnectors", {}).then(
        (answer) => setStopped((answer.connectors ?? []).filter((one) => one.state === "paused" || one.stopped)),
        () => undefined, // the connection has a banner of its own
      );
    };
    ask();
    const timer = setInterval(ask, askMs);
    return () => clearInterval(timer);
  }, [desk]);
  return (
    <>
      {stopped.map((one) => (
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
