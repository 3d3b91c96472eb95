/** When a conversation may come back, in the user's own time. */
export interface SnoozeChoice {
  key: "hours" | "evening" | "tomorrow" | "monday";
  at: Date;
}

const hour = 3_600_000;

/** What is offered at a time of day: what has passed or is too near is left out. */
export function snoozeChoices(now: Date): SnoozeChoice[] {
  const day = (days: number, hours: number) => new Date(now.getFullYear(), now.getMonth(), now.getDate() + days, hours);
  const toMonday = (8 - now.getDay()) % 7 || 7;
  const choices: SnoozeChoice[] = [
    { key: "hours", at: new Date(Math.ceil((now.getTime() + 3 * hour) / (5 * 60_000)) * 5 * 60_000) },
    { key: "evening", at: day(0, 18) },
    { key: "tomorrow", at: day(1, 9) },
    { key: "monday", at: day(toMonday, 9) },
  ];
  const late = choices.filter(({ key, at }) => key !== "evening" || at.getTime() - now.getTime() > hour);
  return toMonday === 1 ? late.filter(({ key }) => key !== "monday") : late;
}
