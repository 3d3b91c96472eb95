import { useState } from "preact/hooks";
import { snoozeChoices } from "../core/snooze.js";
import { Dialog } from "./Dialog.js";
import { dayTime, machineTime } from "./format.js";
import { s } from "./strings.js";
import { t } from "./teamWords.js";

export interface SnoozeDialogProps {
  now: number;
  onPick(until: Date): void;
  onClose(): void;
}

/** Chooses when a conversation comes back. */
export function SnoozeDialog({ now, onPick, onClose }: SnoozeDialogProps) {
  const [custom, setCustom] = useState("");
  const at = new Date(custom);
  const past = custom !== "" && !(at.getTime() > now);
  return (
    <Dialog
      title={t.snooze.title}
      onClose={onClose}
      testId="snooze"
      actions={
        <>
          <button type="button" class="btn" onClick={onClose}>
            {s.cancel}
          </button>
          <button
            type="button"
            class="btn primary"
            disabled={custom === "" || past}
            data-testid="snooze-submit"
            onClick={() => onPick(at)}
          >
            {t.snooze.submit}
          </button>
        </>
      }
    >
      <div class="team-form">
        <p class="quiet">{t.snooze.intro}</p>
        <ul class="team-times">
          {snoozeChoices(new Date(now)).map((choice) => (
            <li key={choice.key}>
              <button type="button" class="team-time" data-testid={`snooze-${choice.key}`} onClick={() => onPick(choice.at)}>
                <span class="grow">{t.snooze.choice(choice.key)}</span>
                <time class="meta num" dateTime={machineTime(choice.at.getTime())}>
                  {dayTime(choice.at.getTime(), now)}
                </time>
              </button>
            </li>
          ))}
        </ul>
        <label class="team-label">
          <span>{t.snooze.custom}</span>
          <input
            class="field"
            type="datetime-local"
            value={custom}
            aria-invalid={past}
            data-testid="snooze-custom"
            onInput={(event) => setCustom(event.currentTarget.value)}
          />
          {past && <span class="meta team-error">{t.snooze.past}</span>}
        </label>
      </div>
    </Dialog>
  );
}
