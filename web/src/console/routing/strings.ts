/** Words of routing. */
export const r = {
  title: "Routing",
  intro: "Who gets a lead that nobody owns. Rules are asked from the top; the first that fits and has somebody decides.",
  rules: "Rules",
  add: "Add a rule",
  none: "No rules yet",
  noneHelp: "Until there is one, unknown senders go to the active administrators, in turn.",
  newRule: "New rule",
  edit: (name: string) => `Edit ${name}`,
  remove: (name: string) => `Remove ${name}`,
  up: (name: string) => `Move ${name} up`,
  down: (name: string) => `Move ${name} down`,
  drag: (name: string) => `Drag ${name} to another place, or use the arrow keys`,
  moved: (name: string, place: number, of: number) => `${name} is now rule ${place} of ${of}.`,
  off: "Off",
  done: "Done",
  active: "Use this rule",
  name: "Name",
  when: "When",
  channel: "Channel",
  anyChannel: "Any channel",
  channels: { sms: "SMS", whatsapp: "WhatsApp" } as Record<string, string>,
  senders: "Numbers they write to",
  sendersEmpty: "No numbers are connected yet.",
  words: "Words in the first message",
  wordsHelp: "Separate several by commas. One of them is enough.",
  field: "Field of the lead",
  fieldNone: "Any lead",
  fieldValues: "has one of these values",
  fieldValuesHelp: "Separate several by commas.",
  hours: "Only at certain hours",
  from: "From",
  upto: "Until",
  days: "Days",
  dayNames: ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"],
  target: "Who gets them",
  targets: {
    group: "A group, in turn",
    match: "Whoever matches the lead, in turn",
    online: "Whoever is online, in turn",
    user: "One person",
    nobody: "Nobody: they wait until somebody takes them",
  } as Record<string, string>,
  group: "Group",
  anyGroup: "Everybody",
  chooseGroup: "Choose a group",
  person: "Person",
  choosePerson: "Choose a person",
  property: "Property of the person",
  propertyHelp: "Such as city. Set it below for each person.",
  leadField: "equals this field of the lead",
  leadFieldHelp: "A field such as source or custom.city, or as mail merge writes it: @{Lead:mx_City,}",
  waits: "If nobody can be got, keep the lead for the first who can",
  waitsHelp: "Otherwise the next rule is asked.",
  unreachable: "This rule can reach nobody at the moment.",
  groupLost: "Its group was deleted. Choose another one.",
  reaches: (n: number) => (n === 1 ? "Reaches 1 person" : `Reaches ${n} people`),
  rest: "Everybody else",
  restText: (n: number) =>
    n === 0 ? "There is no active administrator: these leads wait until somebody takes them." : `The active administrators, in turn (${n}).`,
  unserved: (n: number) =>
    n === 1 ? "1 lead came in when nobody could get it, and still waits." : `${n} leads came in when nobody could get them, and still wait.`,
  waiting: (n: number) => (n === 1 ? "1 lead waits for somebody." : `${n} leads wait for somebody.`),
  saved: "The rules are saved.",
  fields: {
    source: "Source",
    stage: "Stage",
    first_name: "First name",
    last_name: "Last name",
    phone: "Phone",
    email: "E-mail",
  } as Record<string, string>,
  try: "Try it",
  tryHelp: "Who would get such a lead now. This takes nobody's turn.",
  tryText: "First message",
  trySender: "Written to",
  trySource: "Source",
  tryCity: "Another field",
  tryValue: "Its value",
  ask: "Who gets it?",
  gets: (name: string) => `${name} gets it.`,
  getsNobody: "Nobody gets it: it waits until somebody takes it.",
  byDefault: "No rule decides, so the administrators do.",
  unsavedTry: "Save the rules first: only saved ones are asked.",
  outcomes: {
    off: "is off",
    channel: "is for another channel",
    sender: "is for another number",
    hours: "is for other hours",
    field: "is for other leads",
    words: "asks for other words",
    empty: "fits, and has nobody",
    taken: "decides",
    waits: "keeps it waiting",
  } as Record<string, string>,
  people: "People and their properties",
  peopleHelp: "What rules can match with a lead, such as city or language. One a line: city = Pune",
  person_: "Person",
  online: "Online",
  properties: "Properties",
  setProperties: (name: string) => `Properties of ${name}`,
  noProperties: "None",
  save: "Save",
  cancel: "Cancel",
  badLine: (line: string) => `Write each as name = value, names in small letters: ${line}`,
  offer: {
    region: "Leads that wait",
    text: (n: number) => (n === 1 ? "1 lead waits for someone." : n >= 1000 ? "More than 1,000 leads wait for someone." : `${n} leads wait for someone.`),
    one: "Take one",
    all: "Take all",
    gone: "Somebody was quicker: nobody waits any more.",
    taken: (n: number) => (n === 1 ? "The lead is yours." : `${n} leads are yours.`),
    unserved: "Some came when nobody could get them.",
    routing: "Routing",
  },
};

const list = (values: readonly string[]) => values.map((v) => `“${v}”`).join(" or ");

export interface Summary {
  channel: string;
  senders: readonly string[];
  words: readonly string[];
  fields: readonly { field: string; values: readonly string[] }[];
  hours: string;
  target: string;
  group: string;
  person: string;
  property: string;
  leadField: string;
  waits: boolean;
}

/** A field's name for people. */
export function fieldName(field: string): string {
  return r.fields[field] ?? field.replace(/^custom\./, "").replaceAll("_", " ");
}

/** A rule in a sentence. */
export function sentence(rule: Summary): string {
  const when = [
    rule.channel && `by ${r.channels[rule.channel]}`,
    rule.senders.length > 0 && `to ${rule.senders.join(" or ")}`,
    rule.words.length > 0 && `with ${list(rule.words)} in the first message`,
    ...rule.fields.map((f) => `whose ${fieldName(f.field).toLowerCase()} is ${list(f.values)}`),
    rule.hours,
  ].filter(Boolean);
  const who =
    {
      group: `go to ${rule.group || "a group"}, in turn`,
      match: `go to ${rule.group ? `those of ${rule.group}` : "those"} whose ${rule.property || "property"} is the lead’s ${fieldName(rule.leadField).toLowerCase() || "field"}, in turn`,
      online: `go to whoever ${rule.group ? `of ${rule.group} ` : ""}is online, in turn`,
      user: `go to ${rule.person || "one person"}`,
      nobody: "wait until somebody takes them",
    }[rule.target] ?? "";
  const leads = when.length > 0 ? `Leads who write ${when.join(", ")}` : "All leads";
  return `${leads} ${who}.${rule.waits ? " If nobody can be got, they wait for the first who can." : ""}`;
}
