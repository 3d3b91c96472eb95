import { CircleAlert, CircleCheck, CircleX, LoaderCircle, PlugZap } from "lucide-preact";
import { Icon } from "../../ui/Icon.js";
import type { Trial } from "./useTrial.js";
import { w } from "./strings.js";

/** Asks the provider, and shows each step with its result. */
export function TestPanel({ trial, checks }: { trial: Trial; checks: boolean }) {
  if (!checks) return <p class="meta">{w.testNone}</p>;
  const { result, busy, fault } = trial;
  return (
    <section class="connector-test" aria-label={w.test}>
      <button type="button" class="btn" disabled={busy} data-testid="test-connection" onClick={() => void trial.run()}>
        <Icon of={busy ? LoaderCircle : PlugZap} />
        {busy ? w.testing : w.test}
      </button>
      <div role="status" data-testid="test-result">
        {fault && <Line bad text={fault} />}
        {result && !busy && (
          <>
            <Line text={w.tests.form} />
            {result.reason !== "unavailable" && result.reason !== "ambiguous" && <Line text={w.tests.reach} />}
            {result.ok && <Line text={`${w.tests.keys}${result.name ? ` (${result.name})` : ""}`} />}
            {result.ok && <Line text={w.tests.numbers(result.numbers?.length ?? 0)} />}
            {!result.ok && <Line bad text={[result.problem, result.next].filter(Boolean).join(" ")} />}
            {!result.ok && (result.detail || result.code) && (
              <p class="meta">
                {w.said}: {[result.detail, result.code && `(${result.code})`].filter(Boolean).join(" ")}
              </p>
            )}
            {(result.warnings ?? []).map((warning) => (
              <p key={warning} class="connector-line connector-warns">
                <Icon of={CircleAlert} />
                <span>{warning}</span>
              </p>
            ))}
          </>
        )}
      </div>
    </section>
  );
}

function Line({ text, bad = false }: { text: string; bad?: boolean }) {
  return (
    <p class={`connector-line ${bad ? "connector-bad" : "connector-fine"}`}>
      <Icon of={bad ? CircleX : CircleCheck} />
      <span>{text}</span>
    </p>
  );
}
