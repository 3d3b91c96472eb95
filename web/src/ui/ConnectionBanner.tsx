import { CloudOff, RefreshCw, WifiOff } from "lucide-preact";
import type { ReadonlySignal } from "@preact/signals";
import type { Health } from "../core/health.js";
import { Icon } from "./Icon.js";
import { s } from "./strings.js";

export interface ConnectionBannerProps {
  health: ReadonlySignal<Health>;
  /** The name of the code that stopped live updates. */
  closedBy: ReadonlySignal<string>;
  onReload(): void;
}

/** Says when what is on screen may be old. */
export function ConnectionBanner({ health, closedBy, onReload }: ConnectionBannerProps) {
  const state = health.value;
  return (
    <div role="status" aria-live="polite" class="connection" data-testid="connection" data-health={state}>
      {state === "offline" && <Line icon={WifiOff} tone="amber" text={s.connection.offline} />}
      {state === "reconnecting" && <Line icon={RefreshCw} tone="quiet" text={s.connection.reconnecting} />}
      {state === "stopped" && (
        <Line icon={CloudOff} tone="red" text={closedBy.value === "TooManySessions" ? s.connection.tooMany : s.connection.stopped}>
          <button type="button" class="btn small" onClick={onReload}>
            {s.connection.reload}
          </button>
        </Line>
      )}
    </div>
  );
}

function Line({ icon, tone, text, children }: { icon: typeof WifiOff; tone: string; text: string; children?: preact.ComponentChildren }) {
  return (
    <div class={`strip strip-thin strip-${tone}`}>
      <Icon of={icon} />
      <span class="grow">{text}</span>
      {children}
    </div>
  );
}
