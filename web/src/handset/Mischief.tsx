import { useSignal } from "@preact/signals";
import { Sun, X } from "lucide-preact";
import { nameOf } from "./merge";
import { calm, faults, phones, providers, setFault } from "./store";
import type { Fault } from "./types";
import { words } from "./words";

const onWebhooks = ["delay", "reorder", "duplicate", "drop_receipts", "retry_webhooks"];
const onAnswers = [
  "throttle", "server_error", "server_error_accepted", "hang", "reset", "cut", "slow", "early_receipt",
  "no_id", "with_id", "not_registered", "window_error", "redirect", "html", "bad_credentials",
];
const onFiles = ["file_error", "file_stale", "file_gone"];

/** The panel that makes a provider misbehave. */
export function Mischief({ onClose }: { onClose: () => void }) {
  const provider = useSignal("");
  const handset = useSignal("");
  const scope = { provider: provider.value, handset: handset.value };
  return (
    <aside class="panel" aria-label={words.mischief}>
      <header class="panel-head">
        <div class="grow">
          <h2>{words.mischief}</h2>
          <p class="meta">{words.mischiefHint}</p>
        </div>
        <button type="button" class="icon-btn" aria-label={words.close} onClick={onClose}>
          <X size={18} strokeWidth={1.75} aria-hidden="true" />
        </button>
      </header>
      <div class="panel-scope">
        <select class="field" aria-label={words.everyProvider} value={provider.value} onChange={(event) => (provider.value = event.currentTarget.value)}>
          <option value="">{words.everyProvider}</option>
          {providers.value.map((name) => (
            <option key={name} value={name}>
              {words.provider(name)}
            </option>
          ))}
        </select>
        <select class="field" aria-label={words.everyPhone} value={handset.value} onChange={(event) => (handset.value = event.currentTarget.value)}>
          <option value="">{words.everyPhone}</option>
          {phones.value.map((phone) => (
            <option key={phone.id} value={phone.id}>
              {words.onlyPhone(phone.view.value ? nameOf(phone.view.value) : phone.id)}
            </option>
          ))}
        </select>
      </div>
      {faults.value.length > 0 && <InForce />}
      <div class="panel-body scroll">
        <h3>{words.onAnswers}</h3>
        {onAnswers.map((kind) => (
          <Knob key={kind} kind={kind} scope={scope} />
        ))}
        <h3>{words.onFiles}</h3>
        {onFiles.map((kind) => (
          <Knob key={kind} kind={kind} scope={scope} />
        ))}
        <h3>{words.onWebhooks}</h3>
        {onWebhooks.map((kind) => (
          <Knob key={kind} kind={kind} scope={scope} />
        ))}
      </div>
    </aside>
  );
}

/** The rules in force, each to be taken away, and a way back to calm. */
function InForce() {
  return (
    <div class="in-force">
      {faults.value.map((fault) => (
        <button
          key={`${fault.provider}/${fault.kind}/${fault.handset}`}
          type="button"
          class="chip"
          title={[fault.provider && words.provider(fault.provider), fault.handset].filter(Boolean).join(" · ") || words.everyProvider}
          onClick={() => void setFault({ ...fault, share: 0 })}
        >
          {words.fault(fault.kind).name} {fault.share < 1 && `${Math.round(fault.share * 100)} %`}
          <X size={14} strokeWidth={2} aria-hidden="true" />
        </button>
      ))}
      <button type="button" class="btn small" onClick={() => void calm()}>
        <Sun size={16} strokeWidth={1.75} aria-hidden="true" />
        {words.calm}
      </button>
    </div>
  );
}

interface KnobProps {
  kind: string;
  scope: { provider: string; handset: string };
}

function Knob({ kind, scope }: KnobProps) {
  const { name, what, time } = words.fault(kind);
  const rule = faults.value.find(
    (fault) => fault.kind === kind && (fault.provider ?? "") === scope.provider && (fault.handset ?? "") === scope.handset,
  );
  const set = (change: Partial<Fault>) => void setFault({ ...scope, kind, share: 1, ...rule, ...change });
  return (
    <div class={`knob ${rule ? "on" : ""}`}>
      <label class="knob-line">
        <span class="grow">
          <strong>{name}</strong>
          <span class="meta">{what}</span>
        </span>
        <input type="checkbox" role="switch" class="switch" checked={rule !== undefined} onChange={(event) => set({ share: event.currentTarget.checked ? 1 : 0 })} />
      </label>
      {rule && (
        <div class="knob-line">
          <input
            type="range"
            class="grow"
            min={5}
            max={100}
            step={5}
            aria-label={words.share}
            value={Math.round(rule.share * 100)}
            onChange={(event) => set({ share: Number(event.currentTarget.value) / 100 })}
          />
          <span class="num share">{Math.round(rule.share * 100)} %</span>
          {time && (
            <label class="knob-time">
              <span class="meta">{time}</span>
              <input
                type="number"
                class="field num"
                min={0}
                max={60}
                step={0.5}
                placeholder="auto"
                value={rule.delayMs ? rule.delayMs / 1000 : ""}
                onChange={(event) => set({ delayMs: Math.round(Number(event.currentTarget.value) * 1000) })}
              />
              <span class="meta">s</span>
            </label>
          )}
        </div>
      )}
    </div>
  );
}
