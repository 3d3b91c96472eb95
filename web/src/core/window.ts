import type { Conversation } from "./model.js";

/** WhatsApp's 24 hours after the lead's last message. SMS has none. */
export type WindowState =
  | { kind: "none" }
  | { kind: "never" }
  | { kind: "closed"; since: number }
  | { kind: "closing"; until: number }
  | { kind: "open"; until: number };

const closingMs = 4 * 60 * 60 * 1000;

export function windowState(conversation: Conversation, now: number): WindowState {
  const until = conversation.windowExpiresAt;
  if (conversation.channel !== "whatsapp") return { kind: "none" };
  if (until === 0) return { kind: "never" };
  if (until <= now) return { kind: "closed", since: until };
  return { kind: until - now < closingMs ? "closing" : "open", until };
}

/** Whether a free-form message may be sent. */
export function mayWriteFreely(state: WindowState): boolean {
  return state.kind !== "never" && state.kind !== "closed";
}
