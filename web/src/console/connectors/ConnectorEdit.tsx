import { useContext, useState } from "preact/hooks";
import type { Desk } from "../../core/desk.js";
import { asApiError } from "../../core/error.js";
import type { ConnectorJson, ProviderJson } from "../../gen/converse/v1/connector_pb.js";
import { SaveBar } from "../../ui/form/SaveBar.js";
import { useForm } from "../../ui/form/useForm.js";
import { Segmented } from "../../ui/Segmented.js";
import { s } from "../../ui/strings.js";
import { ToastContext } from "../../ui/toasts.js";
import { paths } from "../router.js";
import { PageBody } from "../settings/PageBody.js";
import { useChanges } from "../useChanges.js";
import { useLoad } from "../useLoad.js";
import { AccountFields } from "./AccountFields.js";
import { ConnectorCalls } from "./ConnectorCalls.js";
import { ConnectorMatters } from "./ConnectorMatters.js";
import { StateTag } from "./ConnectorList.js";
import { draftOf, sendable } from "./draft.js";
import { ExchangeLog } from "./ExchangeLog.js";
import { GuideLink } from "./GuideLink.js";
import { Notices } from "./Notices.js";
import { NumbersEditor } from "./NumbersEditor.js";
import { w } from "./strings.js";
import { TestPanel } from "./TestPanel.js";
import { useTrial } from "./useTrial.js";

type Tab = keyof typeof w.tabs;

/** One account and everything about it. */
export function ConnectorEdit({ desk, id }: { desk: Desk; id: string }) {
  const { data, fault, reload, refresh } = useLoad(
    async () => ({
      connector: ((await desk.call("ConnectorService/ListConnectors", {})).connectors ?? []).find((one) => one.id === id),
      providers: (await desk.call("ConnectorService/ListProviders", {})).providers ?? [],
    }),
    [desk, id],
  );
  useChanges(desk.changes.connectors, refresh);
  const [tab, setTab] = useState<Tab>("settings");
  const connector = data?.connector;
  const provider = data?.providers.find((one) => one.provider === connector?.provider);
  return (
    <PageBody
      title={connector?.name ?? w.title}
      intro={connector && <Intro connector={connector} />}
      actions={connector && <StateTag connector={connector} />}
      back={{ label: w.back, to: paths.settings("connectors") }}
      fault={fault}
      onRetry={reload}
      loading={!data}
    >
      {connector && provider ? (
        <>
          <Segmented<Tab>
            label={w.tabsLabel}
            value={tab}
            testId="connector-tabs"
            onChange={setTab}
            options={(Object.keys(w.tabs) as Tab[]).map((value) => ({
              value,
              label: w.tabs[value],
              ...(value === "notices" ? { count: connector.openNotices ?? 0 } : {}),
            }))}
          />
          {(tab === "settings" || tab === "numbers") && (
            <Settings key={connector.version} desk={desk} connector={connector} provider={provider} tab={tab} onChange={reload} />
          )}
          {tab === "notices" && <Notices desk={desk} connectorId={id} onSettled={reload} />}
          {tab === "log" && <ExchangeLog desk={desk} of={{ connectorId: id }} />}
          {tab === "callbacks" && <ConnectorCalls desk={desk} connectorId={id} />}
        </>
      ) : (
        <p class="quiet">{w.failed}</p>
      )}
    </PageBody>
  );
}

/** Which provider it is, unless the name says so, and where the steps are. */
function Intro({ connector: { name, provider = "" } }: { connector: ConnectorJson }) {
  return (
    <>
      {s.provider(provider) !== name && `${s.provider(provider)}. `}
      <GuideLink provider={provider} />
    </>
  );
}

interface SettingsProps {
  desk: Desk;
  connector: ConnectorJson;
  provider: ProviderJson;
  tab: "settings" | "numbers";
  onChange(): void;
}

function Settings({ desk, connector, provider, tab, onChange }: SettingsProps) {
  const toasts = useContext(ToastContext);
  const id = connector.id ?? "";
  const [made, setMade] = useState<Record<string, string>>({});
  const form = useForm({
    stored: draftOf(connector),
    onSave: async (values) => {
      const answer = await desk.call("ConnectorService/UpdateConnector", {
        connectorId: id,
        version: connector.version ?? 0,
        connector: sendable(values, provider),
        clearSecrets: values.clear,
      });
      toasts.show({ text: w.saved });
      if (Object.keys(answer.made ?? {}).length === 0) return onChange();
      setMade(answer.made ?? {});
    },
  });
  const [said, setSaid] = useState<Record<string, string>>({});
  const trial = useTrial(desk, id, () => sendable(form.values, provider), (field, text) => setSaid({ [field]: text }));
  const faults = { ...said, ...form.faults };
  const set = (change: Partial<typeof form.values>) => {
    setSaid({});
    form.set(change);
  };
  const fail = (thrown: unknown) => toasts.fail(asApiError(thrown));
  return (
    <>
      <div class="form-section connector-form">
        {tab === "settings" ? (
          <>
            <AccountFields provider={provider} draft={form.values} faults={faults} stored={connector.secretsSet ?? []} set={set} />
            <TestPanel trial={trial} checks={Boolean(provider.checks)} />
          </>
        ) : (
          <>
            <NumbersEditor
              provider={provider}
              users={[...desk.colleagues.values()]}
              numbers={form.values.numbers}
              found={trial.result?.ok ? (trial.result.numbers ?? []) : undefined}
              faults={faults}
              onChange={(numbers) => set({ numbers })}
            />
            <TestPanel trial={trial} checks={Boolean(provider.checks)} />
          </>
        )}
      </div>
      <SaveBar
        dirty={form.dirty}
        busy={form.busy}
        onSave={() => void form.save()}
        onDiscard={form.discard}
        fault={form.fault ?? (Object.keys(form.faults).length > 0 ? Object.values(form.faults)[0] : undefined)}
      />
      {tab === "settings" && <ConnectorMatters desk={desk} connector={connector} provider={provider} made={made} onChange={onChange} onFail={fail} />}
    </>
  );
}
