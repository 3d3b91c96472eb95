import { Pause, Play, RefreshCw, Trash2 } from "lucide-preact";
import { useContext, useState } from "preact/hooks";
import type { Desk } from "../../core/desk.js";
import type { ConnectorJson, ProviderJson } from "../../gen/converse/v1/connector_pb.js";
import { Confirm } from "../../ui/Confirm.js";
import { Icon } from "../../ui/Icon.js";
import { ToastContext } from "../../ui/toasts.js";
import { CopyButton } from "../CopyButton.js";
import { go, paths } from "../router.js";
import { When } from "../When.js";
import { Address } from "./ConnectorList.js";
import { w } from "./strings.js";

export interface ConnectorMattersProps {
  desk: Desk;
  connector: ConnectorJson;
  provider: ProviderJson;
  /** Secrets that were made anew. */
  made: Readonly<Record<string, string>>;
  onChange(): void;
  onFail(thrown: unknown): void;
}

/** What is done with a connector besides its form: its webhook, its state, its end. */
export function ConnectorMatters({ desk, connector, provider, made, onChange, onFail }: ConnectorMattersProps) {
  const toasts = useContext(ToastContext);
  const [asking, setAsking] = useState<"" | "pause" | "renew" | "remove">("");
  const id = { connectorId: connector.id ?? "" };
  const name = connector.name ?? "";
  const after = (work: Promise<unknown>, text: string) => void work.then(() => (toasts.show({ text }), onChange()), onFail);
  const remove = () => {
    desk.call("ConnectorService/DeleteConnector", id).then((gone) => {
      toasts.show({ text: w.removed(gone.conversations ?? 0, gone.unsent ?? 0) });
      go(paths.settings("connectors"));
    }, onFail);
  };
  const paused = connector.state === "paused";
  const health = connector.health;
  return (
    <>
      <section class="form-section connector-form">
        <h2>{w.webhook}</h2>
        <p class="meta">{provider.subscribes ? w.webhookOurs : w.webhookHelp}</p>
        <Address url={connector.webhookUrl ?? ""} />
        {Object.entries(made).map(([field, value]) => (
          <div key={field}>
            <div class="connector-hook">
              <code class="clip grow">{value}</code>
              <CopyButton text={value} />
            </div>
            <p class="meta">{w.made}</p>
          </div>
        ))}
        <p class="meta">
          {w.lastCall}: <When at={connector.lastCallbackAt} now={desk.now.value} never={w.noCall} />
        </p>
        {health?.subscriptionState && <Health label={w.subscription} state={health.subscriptionState} detail={health.subscriptionDetail} />}
        {health?.pollState && <Health label={w.poll} state={health.pollState} detail={health.pollDetail} />}
      </section>
      <div class="connector-actions">
        {paused ? (
          <button type="button" class="btn" onClick={() => after(desk.call("ConnectorService/ResumeConnector", id), w.resumed)}>
            <Icon of={Play} />
            {w.resume}
          </button>
        ) : (
          <button type="button" class="btn" onClick={() => setAsking("pause")}>
            <Icon of={Pause} />
            {w.pause}
          </button>
        )}
        <button type="button" class="btn" onClick={() => setAsking("renew")}>
          <Icon of={RefreshCw} />
          {w.renew}
        </button>
        <button type="button" class="btn" data-testid="delete-connector" onClick={() => setAsking("remove")}>
          <Icon of={Trash2} />
          {w.remove}
        </button>
      </div>
      {asking === "pause" && (
        <Confirm
          title={w.pauseTitle(name)}
          text={w.pauseText}
          confirm={w.pause}
          onConfirm={() => after(desk.call("ConnectorService/PauseConnector", id), w.paused)}
          onClose={() => setAsking("")}
        />
      )}
      {asking === "renew" && (
        <Confirm
          title={w.renewTitle}
          text={w.renewText}
          confirm={w.renew}
          onConfirm={() => after(desk.call("ConnectorService/RenewWebhook", id), w.renewed)}
          onClose={() => setAsking("")}
        />
      )}
      {asking === "remove" && (
        <Confirm title={w.removeTitle(name)} text={w.removeText} confirm={w.remove} onConfirm={remove} onClose={() => setAsking("")} />
      )}
    </>
  );
}

function Health({ label, state, detail }: { label: string; state: string; detail: string | undefined }) {
  return (
    <p class="meta">
      {label}: <span class={`tag ${state === "failed" ? "tag-red" : "tag-accent"}`}>{state === "failed" ? w.broken : w.works}</span> {detail}
    </p>
  );
}
