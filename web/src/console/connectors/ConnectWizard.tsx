import { CircleCheck } from "lucide-preact";
import { useState } from "preact/hooks";
import type { Desk } from "../../core/desk.js";
import { asApiError } from "../../core/error.js";
import type { CreateConnectorResponseJson, ProviderJson } from "../../gen/converse/v1/connector_pb.js";
import { EmptyState } from "../../ui/EmptyState.js";
import { Steps } from "../../ui/form/Steps.js";
import { s } from "../../ui/strings.js";
import { errorText } from "../../ui/toasts.js";
import { go, paths } from "../router.js";
import { PageBody } from "../settings/PageBody.js";
import { useLoad } from "../useLoad.js";
import { AccountFields } from "./AccountFields.js";
import { draftOf, sendable, type Draft } from "./draft.js";
import { GuideLink } from "./GuideLink.js";
import { NumbersEditor } from "./NumbersEditor.js";
import { w } from "./strings.js";
import { TestPanel } from "./TestPanel.js";
import { useTrial } from "./useTrial.js";
import { WebhookStep } from "./WebhookStep.js";

/** Connects an account, one step after the other. */
export function ConnectWizard({ desk }: { desk: Desk }) {
  const { data, fault, reload } = useLoad(async () => (await desk.call("ConnectorService/ListProviders", {})).providers ?? [], [desk]);
  const [provider, setProvider] = useState<ProviderJson>();
  return (
    <PageBody title={w.connect} back={{ label: w.back, to: paths.settings("connectors") }} fault={fault} onRetry={reload} loading={!data}>
      {provider ? (
        <Account key={provider.provider} desk={desk} provider={provider} onBack={() => setProvider(undefined)} />
      ) : (
        <>
          <Steps label={w.stepsLabel} steps={w.steps} at={0} />
          <ul class="connectors" data-testid="providers">
            {(data ?? []).map((one) => (
              <li key={one.provider} class="connector connector-offer">
                <h2>{s.provider(one.provider ?? "")}</h2>
                <p>{w.what[one.provider ?? ""]}</p>
                <p>
                  <GuideLink provider={one.provider ?? ""} />
                </p>
                <button type="button" class="btn" data-testid={`provider-${one.provider}`} onClick={() => setProvider(one)}>
                  {w.choose} <span class="sr">{s.provider(one.provider ?? "")}</span>
                </button>
              </li>
            ))}
          </ul>
        </>
      )}
    </PageBody>
  );
}

function Account({ desk, provider, onBack }: { desk: Desk; provider: ProviderJson; onBack(): void }) {
  const [step, setStep] = useState(1);
  const [draft, setDraft] = useState<Draft>(() => ({ ...draftOf(undefined), name: s.provider(provider.provider ?? "") }));
  const [faults, setFaults] = useState<Record<string, string>>({});
  const [fault, setFault] = useState("");
  const [busy, setBusy] = useState(false);
  const [made, setMade] = useState<CreateConnectorResponseJson>();
  const set = (change: Partial<Draft>) => {
    setDraft((before) => ({ ...before, ...change }));
    setFaults({});
    setFault("");
  };
  const trial = useTrial(desk, "", () => sendable(draft, provider), (field, text) => setFaults({ [field]: text }));
  const create = async () => {
    setBusy(true);
    setFaults({});
    setFault("");
    try {
      setMade(await desk.call("ConnectorService/CreateConnector", { connector: sendable(draft, provider) }));
      setStep(3);
    } catch (thrown) {
      const error = asApiError(thrown);
      const { field } = error;
      if (field) setFaults({ [field]: errorText(error) });
      else setFault(errorText(error));
      if (field && !field.startsWith("numbers")) setStep(1);
    } finally {
      setBusy(false);
    }
  };
  const connector = made?.connector;
  return (
    <div class="connector-wizard" data-testid="wizard">
      <Steps label={w.stepsLabel} steps={w.steps} at={step} {...(made ? {} : { onGo: (to: number) => (to === 0 ? onBack() : setStep(to)) })} />
      {step === 1 && (
        <form
          class="form-section"
          noValidate
          onSubmit={(event) => {
            event.preventDefault();
            setStep(2);
          }}
        >
          <h2>{s.provider(provider.provider ?? "")}</h2>
          <p>
            <GuideLink provider={provider.provider ?? ""} />
          </p>
          <AccountFields provider={provider} draft={draft} faults={faults} stored={[]} set={set} />
          <TestPanel trial={trial} checks={Boolean(provider.checks)} />
          <div class="connector-actions">
            <button type="button" class="btn" onClick={onBack}>
              {w.previous}
            </button>
            <button type="submit" class="btn primary" data-testid="next">
              {w.next}
            </button>
          </div>
        </form>
      )}
      {step === 2 && (
        <div class="form-section">
          <h2>{w.numbers}</h2>
          <NumbersEditor
            provider={provider}
            users={[...desk.colleagues.values()]}
            numbers={draft.numbers}
            found={trial.result?.ok ? (trial.result.numbers ?? []) : undefined}
            faults={faults}
            onChange={(numbers) => set({ numbers })}
          />
          {fault && (
            <p class="form-fault" role="alert">
              {fault}
            </p>
          )}
          <div class="connector-actions">
            <button type="button" class="btn" onClick={() => setStep(1)}>
              {w.previous}
            </button>
            <button type="button" class="btn primary" disabled={busy} data-testid="create" onClick={() => void create()}>
              {busy ? w.connecting : w.finish}
            </button>
          </div>
        </div>
      )}
      {step === 3 && connector && (
        <WebhookStep desk={desk} connector={connector} made={made?.made ?? {}} provider={provider} onDone={() => setStep(4)} />
      )}
      {step === 4 && connector && (
        <EmptyState icon={CircleCheck} title={w.done(connector.name ?? "")} text={w.doneHelp}>
          <button type="button" class="btn primary" onClick={() => go(paths.settings("connectors", connector.id ?? ""))}>
            {w.open}
          </button>
          <button type="button" class="btn" onClick={() => go(paths.settings("connectors"))}>
            {w.toList}
          </button>
        </EmptyState>
      )}
    </div>
  );
}
