import { useSignal } from "@preact/signals";
import { X } from "lucide-preact";
import { useEffect } from "preact/hooks";
import { api } from "./api";
import { pretty } from "./merge";
import { attempt } from "./store";
import { clock } from "./time";
import type { Call, Webhook } from "./types";
import { words } from "./words";

/** How often the panel looks while it is open. */
const look = 1_500;

/** What went over the wire, in both directions. */
export function Wire({ onClose }: { onClose: () => void }) {
  const tab = useSignal<"calls" | "hooks">("calls");
  const calls = useSignal<Call[]>([]);
  const hooks = useSignal<Webhook[]>([]);
  const outstanding = useSignal(0);
  useEffect(() => {
    const fetchAll = () =>
      attempt(async () => {
        const [made, posted] = await Promise.all([api.calls(), api.webhooks()]);
        calls.value = made.calls.reverse();
        hooks.value = posted.webhooks.reverse();
        outstanding.value = posted.outstanding;
      });
    void fetchAll();
    const timer = setInterval(() => void fetchAll(), look);
    return () => clearInterval(timer);
  }, [calls, hooks, outstanding]);
  return (
    <aside class="panel" aria-label={words.wire}>
      <header class="panel-head">
        <div class="grow">
          <h2>{words.wire}</h2>
          <p class="meta">
            {words.wireHint} {outstanding.value > 0 && words.outstanding(outstanding.value)}
          </p>
        </div>
        <button type="button" class="icon-btn" aria-label={words.close} onClick={onClose}>
          <X size={18} strokeWidth={1.75} aria-hidden="true" />
        </button>
      </header>
      <div class="tabs" role="tablist">
        {(["calls", "hooks"] as const).map((name) => (
          <button key={name} type="button" role="tab" aria-selected={tab.value === name} onClick={() => (tab.value = name)}>
            {name === "calls" ? words.wireCalls : words.wireHooks}
          </button>
        ))}
      </div>
      <div class="panel-body scroll" role="tabpanel" tabIndex={0}>
        {tab.value === "calls"
          ? calls.value.map((call) => <CallLine key={call.seq} call={call} />)
          : hooks.value.map((hook) => <HookLine key={`${hook.time}${hook.messageId}${hook.attempt}${hook.about}`} hook={hook} />)}
        {(tab.value === "calls" ? calls : hooks).value.length === 0 && <p class="hint">{words.wireNone}</p>}
      </div>
    </aside>
  );
}

const good = (status: number | string) => typeof status === "number" && status >= 200 && status < 300;

function CallLine({ call }: { call: Call }) {
  return (
    <details class="wire-line">
      <summary>
        <span class={`code ${good(call.status) ? "good" : "bad"}`}>{call.status}</span>
        <span class="grow">
          <span class="clip">{call.text || "–"}</span>
          <span class="meta clip num">
            {words.provider(call.provider)} → {pretty(call.to) || call.to}
          </span>
        </span>
        <span class="wire-end">
          <time class="meta num">{clock(call.time)}</time>
          <span class={`meta ${call.accepted ? "" : "bad"}`}>{call.accepted ? words.taken : words.notTaken}</span>
        </span>
      </summary>
      <dl>
        <dt>POST</dt>
        <dd>{call.path}</dd>
        {call.id && <dt>id</dt>}
        {call.id && <dd>{call.id}</dd>}
        {call.reference && <dt>reference</dt>}
        {call.reference && <dd>{call.reference}</dd>}
      </dl>
    </details>
  );
}

function HookLine({ hook }: { hook: Webhook }) {
  return (
    <details class="wire-line">
      <summary>
        <span class={`code ${good(hook.status) ? "good" : "bad"}`}>{hook.status || "–"}</span>
        <span class="grow">
          <span class="clip">
            {hook.about}
            {hook.attempt > 1 && ` · ${hook.attempt}`}
          </span>
          <span class="meta clip">{hook.error || words.provider(hook.provider)}</span>
        </span>
        <span class="wire-end">
          <time class="meta num">{clock(hook.time)}</time>
          <span class="meta num">{hook.milliseconds} ms</span>
        </span>
      </summary>
      <pre>{indent(hook.body)}</pre>
    </details>
  );
}

function indent(body: string): string {
  try {
    return JSON.stringify(JSON.parse(body), null, 1);
  } catch {
    return body;
  }
}
