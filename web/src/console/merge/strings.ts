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
} as const;

const fields: Readonly<Record<string, string>> = {
  first_name: "First name",
  last_name: "Last name",
  owner: "Owner",
  stage: "Stage",
  source: "Source",
};
