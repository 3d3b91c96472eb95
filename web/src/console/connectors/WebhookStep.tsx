import { CircleCheck, LoaderCircle } from "lucide-preact";
import { useEffect, useState } from "preact/hooks";
import type { Desk } from "../../core/desk.js";
import type { ConnectorJson, ProviderJson } from "../../gen/converse/v1/connector_pb.js";
import { Icon } from "../../ui/Icon.js";
import { CopyButton } from "../CopyButton.js";
import { Address } from "./ConnectorList.js";
import { w } from "./strings.js";

/** How often the provider's first call is looked for. */
const lookMs = 2_500;

export interface WebhookStepProps {
  desk: Desk;
  connector: ConnectorJson;
  /** Secrets that we made up. */
  made: Readonly<Record<string, string>>;
  provider: ProviderJson;
  onDone(): void;
}

/** Where the provider is to call, and whether it has. */
export function WebhookStep({ desk, connector, made, provider, onDone }: WebhookStepProps) {
  const [called, setCalled] = useState(false);
  useEffect(() => {
    if (called) return;
    const look = () => {
      desk.call("ConnectorService/ListCallbacks", { connectorId: connector.id ?? "", limit: 1 }).then(
        (answer) => (answer.callbacks?.length ?? 0) > 0 && setCalled(true),
        () => undefined, // the next look may find it
      );
    };
    look();
    const timer = setInterval(look, lookMs);
    return () => clearInterval(timer);
  }, [called]);
  const labels = Object.fromEntries((provider.fields ?? []).map((field) => [field.name, field.label || field.name]));
  return (
    <div class="form-section">
      <h2>{w.webhook}</h2>
      <p>{provider.subscribes ? w.webhookOurs : w.webhookHelp}</p>
      <Address url={connector.webhookUrl ?? ""} />
      {Object.entries(made).map(([name, value]) => (
        <div key={name}>
          <h3 class="connector-label">{labels[name]}</h3>
          <div class="connector-hook">
            <code class="clip grow" data-testid={`made-${name}`}>
              {value}
            </code>
            <CopyButton text={value} />
          </div>
          <p class="meta">{w.made}</p>
        </div>
      ))}
      <p class={`connector-line ${called ? "connector-fine" : ""}`} role="status" data-testid="first-call">
        <Icon of={called ? CircleCheck : LoaderCircle} />
        <span>{called ? w.received : w.awaiting}</span>
      </p>
      {!called && <p class="meta">{w.later}</p>}
      <div class="connector-actions">
        <button type="button" class="btn primary" data-testid="next" onClick={onDone}>
          {w.next}
        </button>
      </div>
    </div>
  );
}
