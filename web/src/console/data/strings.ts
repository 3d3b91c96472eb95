/** Words of the Data page and of erasing a lead. */
import { number } from "../../ui/format.js";

const plural = (n: number, one: string, many: string): string => `${number(n)} ${n === 1 ? one : many}`;

export const d = {
  title: "Data",
  intro: "How long things are kept, and leads that were erased for good.",
  retention: "How long things are kept",
  retentionHelp: "What is older goes by itself, within the hour. Shorter is safer; what is gone cannot be had again.",
  kind: "Kept",
  days: "Days",
  daysOf: (kind: string) => `Days for ${kind}`,
  bounds: (least: number, most: number) => `${number(least)} to ${number(most)}`,
  lastRun: "Last looked for",
  removed: "Removed",
  removedText: (last: number, ever: number) => `${number(last)} then, ${number(ever)} in all`,
  neverRun: "Not yet",
  useDefault: (days: number) => `Default: ${number(days)}`,
  saved: "Saved",
  kinds: {
    callbacks: "Webhook calls, but for parked ones",
    exchanges: "The connector log: what was said to and by providers",
    deleted_leads: "Deleted leads, which are then erased",
    imports: "What became of imports and exports",
  } as Record<string, string>,
  fixed: "Always",
  fixedKinds: [
    ["Messages and the history of a lead", "Until the lead is erased"],
    ["Files of imports and exports", "24 hours"],
    ["Audit log", "For good"],
  ] as const,
  erasures: "Erased leads",
  erasuresHelp: "Erase a lead on its page. Messages keep their place and their ticks for usage, without their text.",
  noErasures: "No lead was erased",
  noErasuresHelp: "When somebody asks to be forgotten, open the lead and choose Erase.",
  lead: "Lead",
  requested: "Requested",
  by: (name: string) => (name ? `by ${name}` : "by itself, long after it was deleted"),
  state: "State",
  states: { waiting: "Waiting", working: "Working", done: "Erased" } as Record<string, string>,
  found: "Taken away",
  foundText: (messages: number, files: number, callbacks: number) =>
    [plural(messages, "message", "messages"), plural(files, "file", "files"), plural(callbacks, "callback", "callbacks")].join(", "),
  erase: "Erase…",
  eraseTitle: "Erase this lead for good?",
  eraseText:
    "Its names, numbers, addresses and custom values go at once, then the texts and files of its messages, and every copy of what providers sent of it. Colleagues lose the conversation. Counts in reports stay. Nobody can undo this.",
  eraseSuppressed: "A number that has opted out stays opted out, should it come back.",
  eraseWord: "Type erase to confirm",
  word: "erase",
  eraseConfirm: "Erase for good",
  erasing: "Erasing…",
  erased: "The lead was erased. Its messages and files go now.",
};
