import { Check } from "lucide-preact";
import { Icon } from "../Icon.js";
import { words } from "./words.js";

export interface StepsProps {
  label: string;
  steps: readonly string[];
  /** The step on screen, from 0. */
  at: number;
  /** Goes back to a step that is done; without it none can be gone to. */
  onGo?(to: number): void;
}

/** Where one is in something that takes several screens. */
export function Steps({ label, steps, at, onGo }: StepsProps) {
  return (
    <nav class="steps" aria-label={label}>
      <p class="sr" role="status">
        {words.step(at + 1, steps.length)}: {steps[at]}
      </p>
      <ol>
        {steps.map((step, i) => (
          <li key={step} class={i < at ? "step-done" : ""} aria-current={i === at ? "step" : undefined}>
            <span class="step-mark num">{i < at ? <Icon of={Check} /> : i + 1}</span>
            {i < at && onGo ? (
              <button type="button" class="link" onClick={() => onGo(i)}>
                {step}
              </button>
            ) : (
              <span>{step}</span>
            )}
          </li>
        ))}
      </ol>
    </nav>
  );
}
