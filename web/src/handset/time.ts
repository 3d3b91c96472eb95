import { signal } from "@preact/signals";
import { words } from "./words";

/** The time of day, told every few seconds to whatever shows it. */
export const now = signal(Date.now());
setInterval(() => (now.value = Date.now()), 5_000);

const clockFormat = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit" });
const weekdayFormat = new Intl.DateTimeFormat(undefined, { weekday: "short" });
const dateFormat = new Intl.DateTimeFormat(undefined, { day: "numeric", month: "short" });
const longFormat = new Intl.DateTimeFormat(undefined, { weekday: "long", day: "numeric", month: "long" });

export const clock = (at: string | number): string => clockFormat.format(new Date(at));

/** The time in a status bar, where phones leave out AM and PM. */
export const bare = (at: number): string =>
  clockFormat
    .formatToParts(at)
    .filter((part) => part.type !== "dayPeriod")
    .map((part) => part.value)
    .join("")
    .trim();

/** Days before today: 0 is today. */
function daysAgo(at: Date, from: Date): number {
  const midnight = (date: Date) => new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime();
  return Math.round((midnight(from) - midnight(at)) / 86_400_000);
}

export function day(at: string): string {
  const date = new Date(at);
  const days = daysAgo(date, new Date(now.value));
  if (days <= 0) return words.today;
  return days === 1 ? words.yesterday : longFormat.format(date);
}

/** The time at the end of a row: now, 5 min, 14:05, Mon, 12 Nov. */
export function brief(at: string | undefined): string {
  if (!at) return "";
  const date = new Date(at);
  const minutes = Math.floor((now.value - date.getTime()) / 60_000);
  if (minutes < 1) return "now";
  if (minutes < 60) return `${minutes} min`;
  const days = daysAgo(date, new Date(now.value));
  if (days <= 0) return clock(at);
  return days < 7 ? weekdayFormat.format(date) : dateFormat.format(date);
}

/** A span in its two largest units: 23 h 5 min. */
export function span(milliseconds: number): string {
  const minutes = Math.max(0, Math.floor(milliseconds / 60_000));
  return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

export const mmss = (seconds: number): string => `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, "0")}`;
