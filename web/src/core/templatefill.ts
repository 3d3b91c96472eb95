/** What a template needs beside its text before it can be sent, and what is still wrong with it. */
import type { Template } from "./model.js";
import type { Around } from "./outboxitem.js";
import { locationOf, placeFaults, type Place, type PlaceFault } from "./place.js";
import { valueFault, type ValueFault } from "./templates.js";

/** What the user has filled in. */
export interface Filled {
  /** By the name of the variable. */
  values: Readonly<Record<string, string>>;
  headerText: string;
  /** By the button's place, from 0. */
  buttons: Readonly<Record<string, string>>;
  /** The file of the header; empty until the server has it. */
  mediaId: string;
  place: Place;
}

/** What is wrong; nothing is there for what may be sent. */
export interface Faults {
  values: Readonly<Record<string, ValueFault>>;
  headerText?: ValueFault;
  buttons: Readonly<Record<string, ValueFault>>;
  /** The header's file is missing. */
  header?: "file";
  /** By the field of the place over the text. */
  place?: Partial<Record<keyof Place, PlaceFault>>;
}

/** Whether a button needs a value with each message. */
export function varies(action: Template["actions"][number]): boolean {
  return action.kind === "copy_code" || (action.kind === "url" && action.value.endsWith("{{1}}"));
}

/** Whether the header is a text with a variable. */
export function takesText({ header }: Template): boolean {
  return header?.kind === "text" && header.text.includes("{{");
}

/** Whether the header is a file. */
export function takesFile({ header }: Template): boolean {
  return ["image", "video", "document"].includes(header?.kind ?? "");
}

/** Whether the header is a place. */
export function takesPlace({ header }: Template): boolean {
  return header?.kind === "location";
}

export function faultsOf(template: Template, filled: Filled): Faults {
  const faults = (names: readonly string[], values: Readonly<Record<string, string>>) =>
    Object.fromEntries(names.flatMap((name) => {
      const fault = valueFault(values[name] ?? "");
      return fault ? [[name, fault]] : [];
    }));
  const headerText = takesText(template) ? valueFault(filled.headerText) : undefined;
  const place = takesPlace(template) ? placeFaults(filled.place) : {};
  return {
    values: faults(template.variables.map(({ name }) => name), filled.values),
    ...(headerText ? { headerText } : {}),
    buttons: faults(buttonsToFill(template), filled.buttons),
    ...(takesFile(template) && filled.mediaId === "" ? { header: "file" as const } : {}),
    ...(Object.keys(place).length > 0 ? { place } : {}),
  };
}

export function sendable(faults: Faults): boolean {
  return !faults.header && !faults.headerText && !faults.place && Object.keys(faults.values).length === 0 && Object.keys(faults.buttons).length === 0;
}

/** What goes along with the variables of the text. */
export function aroundOf(template: Template, filled: Filled): Around {
  const needed = buttonsToFill(template);
  return {
    ...(takesText(template) ? { headerText: filled.headerText } : {}),
    ...(takesFile(template) ? { mediaIds: [filled.mediaId] } : {}),
    ...(takesPlace(template) ? { headerLocation: locationOf(filled.place) } : {}),
    ...(needed.length > 0 ? { buttonValues: Object.fromEntries(needed.map((at) => [at, filled.buttons[at] ?? ""])) } : {}),
  };
}

/** The places of the buttons that need a value. */
function buttonsToFill(template: Template): string[] {
  return template.actions.flatMap((action, at) => (varies(action) ? [String(at)] : []));
}
