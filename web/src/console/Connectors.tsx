import { CircleAlert, Play, Plug } from "lucide-preact";
import { useContext, useEffect, useState } from "preact/hooks";
import type { Desk } from "../core/desk.js";
import { asApiError, type ApiError } from "../core/error.js";
import type { ConnectorJson } from "../gen/converse/v1/connector_pb.js";
import { toSender } from "../core/model.js";
import { ChannelMark } from "../ui/ChannelMark.js";
import { EmptyState } from "../ui/EmptyState.js";
import { Icon } from "../ui/Icon.js";
import { Phone } from "../ui/Phone.js";
import { Skeleton } from "../ui/Skeleton.js";
import { s } from "../ui/strings.js";
import { errorText, ToastContext } from "../ui/toasts.js";
import "./Connectors.css";
import { CopyButton } from "./CopyButton.js";
import "./pages.css";
import { c } from "./strings.js";

/** The org's accounts at providers. */
export function Connectors({ desk }: { desk: Desk }) {
  const toasts = useContext(ToastContext);
  const [connectors, setConnectors] = useState<ConnectorJson[]>();
  const [fault, setFault] = useState<ApiError>();
  const load = () => {
    setFault(undefined);
    desk.call("ConnectorService/ListConnectors", {}).then(
      (answer) => setConnectors(answer.connectors ?? []),
      (thrown: unknown) => setFault(asApiError(thrown)),
    );
  };
  useEffect(load, [desk]);
  const resume = (id: string) => {
    desk.call("ConnectorService/ResumeConnector", { connectorId: id }).then(load, (thrown: unknown) => toasts.fail(asApiError(thrown)));
  };
  return (
    <div class="content scroll">
      <header class="content-head">
        <h1>{c.connectors.title}</h1>
      </header>
      <p class="content-intro">{c.connectors.intro}</p>
      {fault ? (
        <EmptyState icon={CircleAlert} title={c.connectors.failed} text={errorText(fault)}>
          <button type="button" class="btn" onClick={load}>
            {s.tryAgain}
          </button>
        </EmptyState>
      ) : !connectors ? (
        <Skeleton shape="rows" count={3} />
      ) : connectors.length === 0 ? (
        <EmptyState icon={Plug} title={c.connectors.none} text={c.connectors.noneHelp} />
      ) : (
        <ul class="connectors" data-testid="connectors">
          {connectors.map((connector) => (
            <ConnectorCard key={connector.id} connector={connector} onResume={resume} />
          ))}
        </ul>
      )}
    </div>
  );
}

function ConnectorCard({ connector, onResume }: { connector: ConnectorJson; onResume(id: string): void }) {
  const paused = connector.state === "paused";
  const provider = s.provider(connector.provider ?? "");
  const senders = (connector.senders ?? []).map(toSender);
  return (
    <li class="connector" data-testid="connector">
      <div class="connector-head">
        <h2 class="grow clip">{connector.name}</h2>
        <span class={`tag ${paused ? "tag-red" : "tag-accent"}`}>{paused ? c.connectors.paused : c.connectors.active}</span>
      </div>
      {provider !== connector.name && <p class="meta">{provider}</p>}
      {paused && (
        <div class="connector-paused">
          <Icon of={CircleAlert} />
          <span class="grow">{connector.stateReason}</span>
          <button type="button" class="btn small" onClick={() => onResume(connector.id ?? "")}>
            <Icon of={Play} />
            {c.connectors.resume}
          </button>
        </div>
      )}
      <h3 class="connector-label">{c.connectors.senders}</h3>
      {senders.length === 0 && <p class="quiet">{c.connectors.noSenders}</p>}
      <ul>
        {senders.map((sender) => (
          <li key={sender.id} class="connector-sender num">
            <ChannelMark channel={sender.channel} />
            <span class="clip">
              <Phone value={sender.address} />
            </span>
            <span class="meta clip">{sender.label}</span>
          </li>
        ))}
      </ul>
      <h3 class="connector-label">{c.connectors.webhook}</h3>
      <div class="connector-hook">
        <code class="clip grow" title={connector.webhookUrl}>
          {connector.webhookUrl}
        </code>
        <CopyButton text={connector.webhookUrl ?? ""} />
      </div>
    </li>
  );
}
