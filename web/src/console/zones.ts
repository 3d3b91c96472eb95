import type { Identifier } from "../core/model.js";

/**
 * Countries with one time zone, by the beginning of a number. A number of a country
 * with several says nothing certain, and nothing is better than a wrong hour.
 */
const zones: Record<string, string> = {
  "20": "Africa/Cairo",
  "27": "Africa/Johannesburg",
  "30": "Europe/Athens",
  "31": "Europe/Amsterdam",
  "32": "Europe/Brussels",
  "33": "Europe/Paris",
  "34": "Europe/Madrid",
  "36": "Europe/Budapest",
  "39": "Europe/Rome",
  "40": "Europe/Bucharest",
  "41": "Europe/Zurich",
  "43": "Europe/Vienna",
  "44": "Europe/London",
  "45": "Europe/Copenhagen",
  "46": "Europe/Stockholm",
  "47": "Europe/Oslo",
  "48": "Europe/Warsaw",
  "49": "Europe/Berlin",
  "51": "America/Lima",
  "54": "America/Argentina/Buenos_Aires",
  "57": "America/Bogota",
  "60": "Asia/Kuala_Lumpur",
  "63": "Asia/Manila",
  "65": "Asia/Singapore",
  "66": "Asia/Bangkok",
  "81": "Asia/Tokyo",
  "82": "Asia/Seoul",
  "84": "Asia/Ho_Chi_Minh",
  "86": "Asia/Shanghai",
  "90": "Europe/Istanbul",
  "91": "Asia/Kolkata",
  "92": "Asia/Karachi",
  "94": "Asia/Colombo",
  "233": "Africa/Accra",
  "234": "Africa/Lagos",
  "254": "Africa/Nairobi",
  "353": "Europe/Dublin",
  "358": "Europe/Helsinki",
  "420": "Europe/Prague",
  "852": "Asia/Hong_Kong",
  "880": "Asia/Dhaka",
  "966": "Asia/Riyadh",
  "971": "Asia/Dubai",
  "972": "Asia/Jerusalem",
  "977": "Asia/Kathmandu",
};

/** The time where the lead is, as far as the number tells. */
export function localTime(identifiers: readonly Identifier[], now: number): string {
  const value = identifiers.find((identifier) => identifier.kind === "phone")?.value ?? "";
  // What a mask has left at the end says nothing of the country.
  const number = (/^[+\d ]*/.exec(value)?.[0] ?? "").replace(/\D/g, "");
  const timeZone = zones[number.slice(0, 3)] ?? zones[number.slice(0, 2)];
  if (!timeZone) return "";
  return new Intl.DateTimeFormat(undefined, { weekday: "short", hour: "numeric", minute: "2-digit", timeZone }).format(now);
}
