/** The words of what colleagues do among themselves: notes, transfers, snooze, filters. */
import type { Filter } from "../core/chatlist.js";
import type { Notice } from "../core/notice.js";
import type { Writer } from "../core/presence.js";
import type { SnoozeChoice } from "../core/snooze.js";

const filters: Record<Filter, string> = {
  all: "All",
  mine: "Mine",
  unread: "Unread",
  unassigned: "Unassigned",
  window_closing: "Window closing",
  snoozed: "Snoozed",
  mentions: "Mentions",
};

const empty: Record<Filter, [title: string, help: string]> = {
  all: ["No conversations yet", "When a lead writes, the conversation appears here. To write first, search for a lead."],
  mine: ["None of your leads has a conversation yet", "Search for one of your leads to write the first message."],
  unread: ["You have read everything", "New messages of leads show up here."],
  unassigned: ["Every lead has somebody", "Leads that nobody owns yet show up here, to be taken."],
  window_closing: ["No window is closing", "WhatsApp conversations that close within 4 hours show up here, the soonest first."],
  snoozed: ["Nothing is snoozed", "Snooze a conversation from its menu. It comes back at the time you choose, or when the lead writes."],
  mentions: ["Nobody has mentioned you", "When a colleague writes @ and your name in a note, the conversation shows up here."],
};

const choices: Record<SnoozeChoice["key"], string> = {
  hours: "In 3 hours",
  evening: "This evening",
  tomorrow: "Tomorrow morning",
  monday: "Monday morning",
};

export const t = {
  note: {
    mode: "Write to",
    reply: "Reply",
    note: "Note",
    key: (alt: string) => `${alt}+N`,
    placeholder: "A note for colleagues. The lead never sees it. @ mentions someone.",
    label: (name: string) => `Private note about ${name}`,
    add: "Add note",
    from: (name: string) => `Private note from ${name}`,
    fromYou: "Private note from you",
    private: "Private note",
    edited: "edited",
    deleted: (name: string) => `${name} deleted a note`,
    deletedOwn: "You deleted a note",
    edit: "Edit",
    remove: "Delete",
    save: "Save",
    editTitle: "Edit note",
    removeTitle: "Delete this note?",
    removeText: "Colleagues no longer see what it says. A line stays in its place.",
    waiting: "Saving…",
    preview: "Note:",
    pick: "Mention a colleague",
    cannotSee: "cannot see this lead",
  },
  replying: (writers: readonly Writer[]) => {
    const names = writers.map(({ name }) => name);
    return names.length === 1 ? `${names[0]} is replying` : `${names.slice(0, 2).join(" and ")} are replying`;
  },
  replyingToo: (writers: readonly Writer[]) => `${t.replying(writers)} to this lead too.`,
  sentToo: (writers: readonly Writer[]) => `Sent while ${writers.map(({ name }) => name).join(" and ")} was replying too.`,
  actions: {
    title: "Conversation actions",
    transfer: "Transfer…",
    take: "Take this lead",
    snooze: "Snooze…",
    again: "Change the snooze…",
    unsnooze: "Bring back now",
    markUnread: "Mark as unread",
  },
  transfer: {
    title: (name: string) => `Transfer ${name}`,
    intro: "The lead and all its conversations get a new owner. Everyone in the conversation sees a line about it.",
    find: "Find a colleague or a group",
    group: (takers: number) => (takers === 1 ? "Group of 1: gets it" : `Group of ${takers}: next in turn`),
    owner: "New owner",
    comment: "Comment",
    commentHelp: "Becomes a private note. The lead never sees it.",
    submit: "Transfer",
    none: "No colleague and no group matches",
    failed: "Your colleagues could not be loaded.",
    done: (name: string) => `Transferred to ${name}.`,
    taken: "This lead is yours now.",
    undo: "Undo",
    undone: "Taken back.",
    offline: "offline",
  },
  snooze: {
    title: "Snooze",
    intro: "The conversation leaves the list and comes back at that time, or when the lead writes. Colleagues see that it is snoozed.",
    choice: (key: SnoozeChoice["key"]) => choices[key],
    custom: "Another time",
    submit: "Snooze",
    past: "Choose a time to come.",
    until: (time: string, name: string) => (name ? `Snoozed until ${time} by ${name}.` : `Snoozed until ${time}.`),
    short: (time: string) => `Snoozed until ${time}`,
    back: "Back from snooze",
    backHelp: "Back from snooze. It goes quiet when someone answers.",
    bring: "Bring back",
    done: (time: string) => `Snoozed until ${time}.`,
    undo: "Undo",
  },
  mark: {
    unread: "Marked as unread",
    mention: "Mentions you",
    given: "New to you",
  },
  notice: ({ kind }: Notice, by: string, lead: string) => {
    const who = by || "A colleague";
    if (kind === "back") return lead ? `${lead} is back from snooze.` : "A conversation is back from snooze.";
    if (kind === "given") return lead ? `${who} gave you ${lead}.` : `${who} gave you a lead.`;
    return lead ? `${who} mentioned you in a note about ${lead}.` : `${who} mentioned you in a note.`;
  },
  open: "Open",
  filter: {
    name: (filter: Filter) => filters[filter],
    empty: (filter: Filter) => empty[filter],
    more: "More filters",
    show: "Show",
    channel: "Channel",
    any: "Both channels",
    clear: (name: string) => `Stop showing ${name.toLowerCase()} only`,
  },
} as const;
