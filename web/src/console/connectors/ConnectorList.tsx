import { CircleAlert, Play, Plug, Plus } from "lucide-preact";
import { useContext } from "preact/hooks";
import type { Desk } from "../../core/desk.js";
import { asApiError } from "../../core/error.js";
import { toSender } from "../../core/frompb.js";
import type { ConnectorJson } from "../../gen/converse/v1/connector_pb.js";
import { ChannelMark } from "../../ui/ChannelMark.js";
import { EmptyState } from "../../ui/EmptyState.js";
import { Icon } from "../../ui/Icon.js";
import { Phone } from "../../ui/Phone.js";
import { s } from "../../ui/strings.js";
import { ToastContext } from "../../ui/toasts.js";
import { CopyButton } from "../CopyButton.js";
import { go, paths } from "../router.js";
import { PageBody } from "../settings/PageBody.js";
import { useChanges } from "../useChanges.js";
import { useLoad } from "../useLoad.js";
import { When } from "../When.js";
import { GuideLink } from "./GuideLink.js";
import { w } from "./strings.js";

/** Every account, as a card. */
export function ConnectorList({ desk }: { desk: Desk }) {
  const toasts = useContext(ToastContext);
  const { data, fault, reload, refresh } = useLoad(
    async () => ({
      connectors: (await desk.call("ConnectorService/ListConnectors", {})).connectors ?? [],
      providers: (await desk.call("ConnectorService/ListProviders", {})).providers ?? [],
    }),
    [desk],
  );
  useChanges(desk.changes.connectors, refresh);
  const resume = (id: string) => {
    desk.call("ConnectorService/ResumeConnector", { connectorId: id }).then(
      () => (toasts.show({ text: w.resumed }), reload()),
      (thrown: unknown) => toasts.fail(asApiError(thrown)),
    );
  };
  const connect = (
    <button type="button" class="btn primary" data-testid="connect" onClick={() => go(paths.settings("connectors", "new"))}>
      <Icon of={Plus} />
      {w.connect}
    </button>
  );
  const connectors = data?.connectors ?? [];
  return (
    <PageBody title={w.title} intro={w.intro} actions={connectors.length > 0 && connect} fault={fault} onRetry={reload} loading={!data}>
      {connectors.length === 0 ? (
        <EmptyState icon={Plug} title={w.none} text={w.noneHelp}>
          <ul class="connector-teaches">
            {(data?.providers ?? []).map(({ provider = "" }) => (
              <li key={provider}>
                <strong>{s.provider(provider)}</strong> {w.what[provider]} <GuideLink provider={provider} />
              </li>
            ))}
          </ul>
          {connect}
        </EmptyState>
      ) : (
        <ul class="connectors" data-testid="connectors">
          {connectors.map((connector) => (
            <ConnectorCard key={connector.id} connector={connector} now={desk.now.value} onResume={resume} />
          ))}
        </ul>
      )}
    </PageBody>
  );
}

function ConnectorCard({ connector, now, onResume }: { connector: ConnectorJson; now: number; onResume(id: string): void }) {
  const id = connector.id ?? "";
  const provider = s.provider(connector.provider ?? "");
  const senders = (connector.senders ?? []).map(toSender);
  const waiting = connector.health?.waiting ?? 0;
  return (
    <li class="connector" data-testid="connector">
      <div class="connector-head">
        <h2 class="grow clip">
          <a href={paths.settings("connectors", id)}>{connector.name}</a>
        </h2>
        <StateTag connector={connector} />
      </div>
      {provider !== connector.name && <p class="meta">{provider}</p>}
      {connector.state === "paused" && (
        <div class="connector-paused">
          <Icon of={CircleAlert} />
          <span class="grow">{connector.stateReason}</span>
          <button type="button" class="btn small" onClick={() => onResume(id)}>
            <Icon of={Play} />
            {w.resume}
          </button>
        </div>
      )}
      <p class="connector-facts meta">
        {(connector.openNotices ?? 0) > 0 && (
          <span class={`tag ${connector.stopped ? "tag-red" : "tag-amber"}`}>{w.openNotices(connector.openNotices ?? 0)}</span>
        )}
        {waiting > 0 && <span class="tag tag-amber">{w.waiting(waiting)}</span>}
        <span>
          {w.lastCall}: <When at={connector.lastCallbackAt} now={now} never={w.noCall} />
        </span>
      </p>
      <h3 class="connector-label">{w.numbers}</h3>
      {senders.length === 0 && <p class="quiet">{w.noNumbers}</p>}
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
      <h3 class="connector-label">{w.webhook}</h3>
      <Address url={connector.webhookUrl ?? ""} />
    </li>
  );
}

/** What a connector does just now. */
export function StateTag({ connector }: { connector: ConnectorJson }) {
  const held = Boolean(connector.health?.heldUntil);
  if (connector.state === "paused") return <span class="tag tag-red">{w.paused}</span>;
  return (
    <span class={`tag ${held ? "tag-amber" : "tag-accent"}`} title={held ? w.held_why[connector.health?.heldWhy ?? ""] : undefined}>
      {held ? w.held : w.active}
    </span>
  );
}

/** The address of a webhook, to be taken along. */
export function Address({ url }: { url: string }) {
  return (
    <div class="connector-hook">
      <code class="clip grow" title={url} data-testid="webhook-address">
        {url}
      </code>
      <CopyButton text={url} />
    </div>
  );
}
