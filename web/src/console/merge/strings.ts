/** The words of merging leads. */
export const m = {
  open: "Merge with…",
  title: "Merge with another lead",
  intro: "Two leads that are one person become one. Numbers, conversations, notes and lists come together, and it can be undone.",
  suggested: "May be the same person",
  search: "Find the other lead",
  none: "No lead seems to be the same person. Search for the other one.",
  reason: (reason: string) =>
    ({ phone: "Numbers end alike", name_domain: "Same name, addresses at the same company", name: "Same name" })[reason] ?? reason,
  stays: "Which one stays",
  staysHelp: "The other one becomes part of it.",
  value: (field: string) => `${fields[field] ?? field} to keep`,
  nothing: "(empty)",
  result: "Afterwards",
  moves: (conversations: number, lists: number) =>
    `${conversations} ${conversations === 1 ? "conversation" : "conversations"} and ${lists} ${lists === 1 ? "list" : "lists"} move over.`,
  merge: "Merge",
  merging: "Merging…",
  merged: "Merged. Everything is in one lead now.",
  undo: "Undo",
  undone: "Undone: both leads are as they were.",
  unnamed: "Unnamed lead",
  undoMerge: "Undo merge",
  cannotUndo: (why: string) => `Cannot be undone. ${why}`,
  settings: {
    title: "Merging",
    intro: "When two leads turn out to be the same person they can become one by themselves. Each merge is in the lead's history, and can be undone there.",
    saved: "Saved. It counts from now on.",
    automatic: "Merge by itself",
    automaticHelp: "Off: leads are only merged by hand, on their page.",
    kinds: "Two leads are one person when they share",
    kindList: [
      { value: "phone", label: "A phone number", note: "Also when somebody writes with the number of one lead and the WhatsApp user id of another." },
      { value: "email", label: "An e-mail address", note: "When it is added to a lead while another has it." },
      { value: "whatsapp", label: "A WhatsApp user id", note: "When a message comes with it and with another lead's number." },
    ],
    parent: "Which lead stays",
    parents: [
      { value: "number", label: "The one with a phone number", help: "Of two with a number, the one that was made first." },
      { value: "older", label: "The one that was made first" },
      { value: "newer", label: "The one that was made last" },
    ] satisfies { value: "number" | "older" | "newer"; label: string; help?: string }[],
    rules: "What becomes of each field",
    rulesHelp: "When somebody types an identifier of another lead, the lead on their screen stays.",
    choices: [
      { value: "fill_empty", label: "Keep; fill if empty" },
      { value: "overwrite", label: "Take the other's" },
      { value: "append", label: "Keep both" },
    ] satisfies { value: "fill_empty" | "overwrite" | "append"; label: string }[],
    fixed: [
      { name: "first_name", label: "First name", text: true },
      { name: "last_name", label: "Last name", text: true },
      { name: "owner", label: "Owner", text: false },
      { name: "stage", label: "Stage", text: false },
      { name: "source", label: "Source", text: true },
    ],
  },
} as const;

const fields: Readonly<Record<string, string>> = {
  first_name: "First name",
  last_name: "Last name",
  owner: "Owner",
  stage: "Stage",
  source: "Source",
};
