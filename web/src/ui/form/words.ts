/** The words of every form. */
export const words = {
  save: "Save",
  saving: "Saving…",
  discard: "Discard changes",
  unsaved: "You have unsaved changes.",
  leaveTitle: "Leave without saving?",
  leaveText: "What you changed on this page will be lost.",
  leave: "Leave",
  optional: "optional",
  search: "Search",
  noneFound: "Nothing fits what you typed.",
  chosen: (count: number) => `${count} chosen`,
  step: (at: number, of: number) => `Step ${at} of ${of}`,
} as const;
