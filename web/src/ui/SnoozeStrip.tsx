import { AlarmClock, AlarmClockCheck } from "lucide-preact";
import type { Conversation } from "../core/model.js";
import { Icon } from "./Icon.js";
import { dayTime } from "./format.js";
import { t } from "./teamWords.js";

export interface SnoozeStripProps {
  data: Conversation;
  now: number;
  /** Who snoozed it; empty for the user. */
  by: string;
  onUnsnooze(): void;
}

/** Says that a conversation is snoozed, until when and by whom, or that it has come back. */
export function SnoozeStrip({ data, now, by, onUnsnooze }: SnoozeStripProps) {
  if (data.snoozedUntil > now) {
    return (
      <div class="strip strip-thin" data-testid="snoozed">
        <Icon of={AlarmClock} />
        <div class="grow">{t.snooze.until(dayTime(data.snoozedUntil, now), by)}</div>
        <button type="button" class="btn small" onClick={onUnsnooze}>
          {t.snooze.bring}
        </button>
      </div>
    );
  }
  if (data.backAt === 0) return null;
  return (
    <div class="strip strip-thin" data-testid="snooze-back">
      <Icon of={AlarmClockCheck} />
      <div class="grow">{t.snooze.backHelp}</div>
    </div>
  );
}
