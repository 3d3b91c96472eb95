/**
 * Filling templates as internal/compose does, so that the preview is the text the
 * lead will read, and choosing the one to offer.
 */
import type { Lead, Template } from "./model.js";

const placeholder = /\{\{\s*([\w.-]+)\s*\}\}/g;
const longestValue = 1024;

/** A piece of a body: text, or a variable's place. */
export type Piece = { text: string; variable?: string };

/** A rule that a value breaks. */
export type ValueFault = "empty" | "too_long" | "line_break" | "spaces";

/** The body in pieces, each variable with its value, or its name where it has none. */
export function pieces(body: string, values: Readonly<Record<string, string>>): Piece[] {
  const out: Piece[] = [];
  let end = 0;
  for (const found of body.matchAll(placeholder)) {
    const name = found[1] ?? "";
    if (found.index > end) out.push({ text: body.slice(end, found.index) });
    out.push({ text: values[name]?.trim() || `{{${name}}}`, variable: name });
    end = found.index + found[0].length;
  }
  if (end < body.length) out.push({ text: body.slice(end) });
  return out;
}

/** The text as the lead will read it. */
export function fill(template: Template, values: Readonly<Record<string, string>>): string {
  const body = pieces(template.body, values)
    .map((piece) => piece.text)
    .join("");
  return template.footer ? `${body}\n\n${template.footer}` : body;
}

/** What is wrong with a value; undefined when it may be sent. */
export function valueFault(value: string): ValueFault | undefined {
  const text = value.trim();
  if (text === "") return "empty";
  if (Array.from(text).length > longestValue) return "too_long";
  if (/[\n\r\t]/.test(text)) return "line_break";
  if (text.includes("     ")) return "spaces";
  return undefined;
}

/** Values that can be guessed: the lead's and the user's own names. */
export function guessValues(template: Template, lead: Pick<Lead, "firstName" | "lastName" | "name"> | undefined, userName: string): Record<string, string> {
  const values: Record<string, string> = {};
  for (const { name } of template.variables) {
    const word = name.toLowerCase().replace(/[^a-z]/g, "");
    if (/^(leadfirstname|firstname|leadname|name|customername|customer)$/.test(word)) values[name] = lead?.firstName || lead?.name || "";
    else if (/^(lastname|leadlastname|surname)$/.test(word)) values[name] = lead?.lastName ?? "";
    else if (/^(agent|agentname|owner|ownername|sender|username|sendername)$/.test(word)) values[name] = userName;
    else values[name] = "";
  }
  // A first positional variable that stands right behind a greeting is the name.
  if (values["1"] === "" && /^\W*(hi|hello|dear|hey|hola|hallo|bonjour|ciao|olá|namaste)[\s,]+\{\{\s*1\s*\}\}/i.test(template.body)) {
    values["1"] = lead?.firstName || lead?.name || "";
  }
  return values;
}

/**
 * The templates in the order to offer them: in the user's language, sent before,
 * about what the draft is about, with little to fill in.
 */
export function rankTemplates(templates: readonly Template[], draft: string, recent: readonly string[], language: string): Template[] {
  const spoken = wordsOf(draft);
  const score = (t: Template): number => {
    const recency = recent.indexOf(t.id);
    const shared = wordsOf(t.body).filter((word) => spoken.includes(word)).length;
    const kind = t.category.toLowerCase() === "marketing" ? -2 : 0;
    const spokenHere = t.language.slice(0, 2).toLowerCase() === language.slice(0, 2).toLowerCase() ? 8 : 0;
    return spokenHere + shared * 3 + (recency < 0 ? 0 : 6 - Math.min(recency, 5)) + kind - t.variables.length;
  };
  return [...templates].sort((a, b) => score(b) - score(a) || a.name.localeCompare(b.name));
}

function wordsOf(text: string): string[] {
  return [...new Set(text.toLowerCase().match(/\p{L}{4,}/gu) ?? [])];
}
