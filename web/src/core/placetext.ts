/** A place in words: how one that a lead sends reads, and one over a template's text. */
import type { LocationJson } from "../gen/converse/v1/conversation_pb.js";

/** The line that chat.Place writes on the server. */
export function placeText({ latitude, longitude, name, address }: LocationJson): string {
  return `Location: ${name}, ${address} (${latitude}, ${longitude})`;
}

const firstLine = /^Location: [^\n]*\(-?\d{1,2}(?:\.\d+)?, -?\d{1,3}(?:\.\d+)?\)\n/;

/** The line about the place at the head of a template's message; empty without one. */
export function placeLine(message: { kind: string; text: string }): string {
  return (message.kind === "template" && firstLine.exec(message.text)?.[0]) || "";
}
