/** The place over a template's text while the user fills it in, by the rules of the server. */
import type { LocationJson } from "../gen/converse/v1/conversation_pb.js";
import { valueFault, type ValueFault } from "./templates.js";

/** As it is typed. */
export type Place = Readonly<Record<"latitude" | "longitude" | "name" | "address", string>>;

export type PlaceFault = ValueFault | "latitude" | "longitude" | "too_long_word";

export const noPlace: Place = { latitude: "", longitude: "", name: "", address: "" };

const longestWord = 256;
const number = /^[+\-−]?\d{1,3}([.,]\d+)?$/;
const pair = /^([+\-−]?\d{1,3}\.\d+)\s*,\s*([+\-−]?\d{1,3}\.\d+)$/;

/** What is wrong, by the field; nothing is there for what may be sent. */
export function placeFaults(place: Place): Partial<Record<keyof Place, PlaceFault>> {
  const faults = {
    latitude: degreesFault("latitude", place.latitude, 90),
    longitude: degreesFault("longitude", place.longitude, 180),
    name: wordFault(place.name),
    address: wordFault(place.address),
  };
  return Object.fromEntries(Object.entries(faults).filter(([, fault]) => fault !== undefined));
}

/** A place without faults, as the server takes it. */
export function locationOf(place: Place): LocationJson {
  return { latitude: degrees(place.latitude), longitude: degrees(place.longitude), name: place.name.trim(), address: place.address.trim() };
}

/** Both numbers of "53.5413, 9.9841", as maps copy a point; undefined for anything else. */
export function pointOf(text: string): Pick<Place, "latitude" | "longitude"> | undefined {
  const found = pair.exec(text.trim());
  return found ? { latitude: found[1] ?? "", longitude: found[2] ?? "" } : undefined;
}

/** A decimal comma and a typeset minus are numbers as well. */
function degrees(text: string): number {
  return number.test(text.trim()) ? Number(text.trim().replace(",", ".").replace("−", "-")) : NaN;
}

function degreesFault(which: "latitude" | "longitude", text: string, most: number): PlaceFault | undefined {
  if (text.trim() === "") return "empty";
  return Math.abs(degrees(text)) <= most ? undefined : which;
}

function wordFault(text: string): PlaceFault | undefined {
  return Array.from(text.trim()).length > longestWord ? "too_long_word" : valueFault(text);
}
