import { CircleCheck, LoaderCircle } from "lucide-preact";
import { number } from "../ui/format.js";
import { Icon } from "../ui/Icon.js";
import "./Meter.css";
import type { Counts } from "./useCallbacks.js";
import { c } from "./strings.js";

/** Nothing is lost: received = shown + ignored + parked, in numbers and as a bar. */
export function Meter({ counts }: { counts: Counts }) {
  const { received, shown, ignored, parked } = counts;
  const open = received - shown - ignored - parked;
  return (
    <section class="meter" aria-label={c.callbacks.adds} data-testid="meter">
      <div class="meter-sum">
        <Term value={received} label={c.callbacks.received} />
        <Sign sign="=" words={c.callbacks.equals} />
        <Term value={shown} label={c.callbacks.shown} part="shown" />
        <Sign sign="+" words={c.callbacks.plus} />
        <Term value={ignored} label={c.callbacks.ignored} part="ignored" />
        <Sign sign="+" words={c.callbacks.plus} />
        <Term value={parked} label={c.callbacks.parked} part="parked" />
      </div>
      <div class="meter-bar" aria-hidden="true">
        {([["shown", shown], ["ignored", ignored], ["parked", parked]] as const).map(
          ([part, value]) => value > 0 && <i key={part} class={`meter-${part}`} style={{ flexGrow: value }} />,
        )}
      </div>
      <p class="meter-verdict">
        <Icon of={open === 0 ? CircleCheck : LoaderCircle} />
        {open === 0 ? c.callbacks.adds : c.callbacks.differs(open)}
      </p>
    </section>
  );
}

function Term({ value, label, part }: { value: number; label: string; part?: string }) {
  return (
    <div class="meter-term">
      <span class="meter-value num">{number(value)}</span>
      <span class="meter-label">
        {part && <i class={`meter-${part}`} aria-hidden="true" />}
        {label}
      </span>
    </div>
  );
}

function Sign({ sign, words }: { sign: string; words: string }) {
  return (
    <span class="meter-sign">
      <span aria-hidden="true">{sign}</span>
      <span class="sr">{words}</span>
    </span>
  );
}
