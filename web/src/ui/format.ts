/** Times, sizes and numbers as the viewer writes them, in the viewer's zone. */
import { s } from "./strings.js";

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

const clock = new Intl.DateTimeFormat(undefined, { hour: "numeric", minute: "2-digit" });
const clockSeconds = new Intl.DateTimeFormat(undefined, { hour: "numeric", minute: "2-digit", second: "2-digit" });
const weekday = new Intl.DateTimeFormat(undefined, { weekday: "short" });
const weekdayLong = new Intl.DateTimeFormat(undefined, { weekday: "long" });
const dayMonth = new Intl.DateTimeFormat(undefined, { day: "numeric", month: "short" });
const dayMonthLong = new Intl.DateTimeFormat(undefined, { weekday: "long", day: "numeric", month: "long" });
const dayMonthYear = new Intl.DateTimeFormat(undefined, { day: "numeric", month: "short", year: "numeric" });
const whole = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "medium" });
const count = new Intl.NumberFormat();

export const time = (at: number): string => clock.format(at);
export const timeWithSeconds = (at: number): string => clockSeconds.format(at);
export const fullTime = (at: number): string => whole.format(at);
export const date = (at: number): string => dayMonthYear.format(at);
export const number = (value: number): string => count.format(value);

/** For attributes of <time>. */
export const machineTime = (at: number): string => new Date(at).toISOString();

/** Whether two times fall on one day of the viewer. */
export function sameDay(a: number, b: number): boolean {
  return startOfDay(a) === startOfDay(b);
}

/** In a list: now, 5 min, 14:05, Mon, 12 Nov, 12 Nov 2025. */
export function listTime(at: number, now: number): string {
  const age = now - at;
  if (age < minute) return s.now;
  if (age < hour) return s.minutes(Math.floor(age / minute));
  if (sameDay(at, now)) return time(at);
  if (startOfDay(now) - startOfDay(at) < 7 * day) return weekday.format(at);
  return new Date(at).getFullYear() === new Date(now).getFullYear() ? dayMonth.format(at) : dayMonthYear.format(at);
}

/** A time gone by, among other words: now, 5 min ago, 14:05, Mon, 12 Nov, 12 Nov 2025. */
export function pastTime(at: number, now: number): string {
  const short = listTime(at, now);
  return now - at >= minute && now - at < hour ? s.ago(short) : short;
}

/** A time to come or gone by: 14:05, Tue 14:05, 12 Nov, 14:05. */
export function dayTime(at: number, now: number): string {
  if (sameDay(at, now)) return time(at);
  const days = Math.abs(startOfDay(at) - startOfDay(now)) / day;
  return days < 7 ? `${weekday.format(at)} ${time(at)}` : `${listTime(at, now)}, ${time(at)}`;
}

/** Over a day's messages. */
export function dayName(at: number, now: number): string {
  const days = Math.round((startOfDay(now) - startOfDay(at)) / day);
  if (days === 0) return s.today;
  if (days === 1) return s.yesterday;
  if (days > 0 && days < 7) return weekdayLong.format(at);
  return new Date(at).getFullYear() === new Date(now).getFullYear() ? dayMonthLong.format(at) : dayMonthYear.format(at);
}

/** How long until a time: 3 h, 1 h 20 min, 45 min. */
export function timeLeft(until: number, now: number): string {
  const minutes = Math.max(1, Math.ceil((until - now) / minute));
  if (minutes < 60) return s.minutes(minutes);
  const rest = minutes % 60;
  const hours = s.hours(Math.floor(minutes / 60));
  return rest === 0 || minutes >= 4 * 60 ? hours : `${hours} ${s.minutes(rest)}`;
}

/** 0:07, 1:23:45 */
export function duration(seconds: number): string {
  const total = Math.max(0, Math.round(seconds));
  const parts = [Math.floor(total / 3600), Math.floor(total / 60) % 60, total % 60];
  const shown = parts[0] === 0 ? parts.slice(1) : parts;
  return shown.map((part, i) => (i === 0 ? String(part) : String(part).padStart(2, "0"))).join(":");
}

/** 340 kB, on one line; nobody needs single bytes. */
export function fileSize(bytes: number): string {
  const units = ["kilobyte", "megabyte", "gigabyte"] as const;
  let value = bytes / 1000;
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  return new Intl.NumberFormat(undefined, {
    style: "unit",
    unit: units[unit] ?? "gigabyte",
    unitDisplay: "short",
    maximumFractionDigits: value < 10 ? 1 : 0,
  })
    .format(value)
    .replace(" ", "\u00a0");
}

/** A word as it begins a sentence. */
export const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** A number in E.164 in groups that can be read aloud; anything else as it is. */
export function phone(value: string): string {
  const north = /^\+1(\d{3})(\d{3})(\d{4})$/.exec(value);
  if (north) return `+1 ${north[1]} ${north[2]} ${north[3]}`;
  const india = /^\+91(\d{5})(\d{5})$/.exec(value);
  if (india) return `+91 ${india[1]} ${india[2]}`;
  const other = /^\+(\d{2})(\d{7,13})$/.exec(value);
  return other ? `+${other[1]} ${other[2]?.replace(/(\d{3})(?=\d{3,})/g, "$1 ") ?? ""}` : value;
}

function startOfDay(at: number): number {
  return new Date(at).setHours(0, 0, 0, 0);
}
