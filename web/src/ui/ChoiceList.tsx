import { Check, Plus } from "lucide-preact";
import type { Choice } from "../core/leadview.js";
import { ChannelMark } from "./ChannelMark.js";
import { listTime, phone } from "./format.js";
import { Icon } from "./Icon.js";
import { summarize } from "./messageSummary.js";
import { Phone } from "./Phone.js";
import { s } from "./strings.js";

export interface ChoiceListProps {
  choices: readonly Choice[];
  now: number;
  /** The conversation on screen. */
  current?: string;
  busy?: string;
  onPick(choice: Choice): void;
}

/** The ways to talk to a lead: what exists first, then what can be begun. */
export function ChoiceList({ choices, now, current, busy, onPick }: ChoiceListProps) {
  const existing = choices.filter((choice) => choice.chat);
  const fresh = choices.filter((choice) => !choice.chat);
  if (choices.length === 0) return <p class="choices-none quiet">{s.picker.none}</p>;
  const section = (title: string, list: readonly Choice[]) =>
    list.length > 0 && (
      <div>
        <p class="choices-title" aria-hidden="true">
          {title}
        </p>
        <ul aria-label={title}>
          {list.map((choice) => (
            <li key={choice.key}>
              <ChoiceRow
                choice={choice}
                now={now}
                current={current !== undefined && choice.chat?.id === current}
                busy={busy === choice.key}
                onPick={onPick}
              />
            </li>
          ))}
        </ul>
      </div>
    );
  return (
    <div class="choices">
      {section(s.picker.existing, existing)}
      {section(s.picker.fresh, fresh)}
    </div>
  );
}

interface ChoiceRowProps {
  choice: Choice;
  now: number;
  current: boolean;
  busy: boolean;
  onPick(choice: Choice): void;
}

function ChoiceRow({ choice, now, current, busy, onPick }: ChoiceRowProps) {
  const { chat, identifier, channel } = choice;
  const conversation = chat?.data.value;
  const last = chat?.last.value?.message;
  const sender = conversation?.sender.label || phone(conversation?.sender.address ?? "");
  const notes = [identifier.label, sender ? s.picker.via(sender) : "", last ? summarize(last) : ""].filter((note) => note !== "");
  return (
    <button
      type="button"
      class="choice"
      aria-current={current ? "true" : undefined}
      disabled={busy}
      data-testid="choice"
      data-channel={channel}
      {...(current ? { "data-autofocus": "" } : {})}
      onClick={() => onPick(choice)}
    >
      <ChannelMark channel={channel} silent />
      <span class="grow">
        <span class="choice-line">
          <span class="clip num choice-value">
            <Phone value={identifier.value} />
          </span>
          {last && <span class="meta num">{listTime(last.createdAt, now)}</span>}
        </span>
        <span class="meta clip choice-notes">{[s.channel(channel), ...notes].join(" · ")}</span>
      </span>
      {current && <Icon of={Check} />}
      {!chat && <Icon of={Plus} />}
    </button>
  );
}
