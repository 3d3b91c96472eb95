import type { Sender } from "./useRouting.js";
import type { RoutingGroupJson, RoutingPersonJson, RoutingRuleJson } from "../../gen/converse/v1/routing_pb.js";
import { r, sentence } from "./strings.js";

/** A rule on screen. key tells new ones apart until they are saved. */
export interface Rule extends RoutingRuleJson {
  key: string;
}

export interface Choices {
  people: readonly RoutingPersonJson[];
  groups: readonly RoutingGroupJson[];
  senders: readonly Sender[];
}

let made = 0;

/** A rule that fits every lead and gives it to whoever is online. */
export function newRule(): Rule {
  return { key: `new-${++made}`, name: r.newRule, active: true, target: "online", reaches: 1 };
}

export const keyed = (rule: RoutingRuleJson): Rule => ({ ...rule, key: rule.id ?? "" });

/** What is sent: without what the server works out. */
export function stored({ key: _, reaches: __, groupLost: ___, ...rule }: Rule): RoutingRuleJson {
  return rule;
}

/** The list with one rule in another place. */
export function move(rules: readonly Rule[], from: number, to: number): Rule[] {
  const out = [...rules];
  const [rule] = out.splice(from, 1);
  if (rule) out.splice(Math.max(0, Math.min(out.length, to)), 0, rule);
  return out;
}

/** What people write between commas. */
export function split(text: string): string[] {
  return text
    .split(",")
    .map((part) => part.trim())
    .filter(Boolean);
}

export const clock = (minutes = 0): string => `${String(Math.floor(minutes / 60) % 24).padStart(2, "0")}:${String(minutes % 60).padStart(2, "0")}`;

export function minutes(text: string): number {
  const [hours = 0, rest = 0] = text.split(":").map(Number);
  return hours * 60 + rest;
}

export function summary(rule: Rule, { people, groups, senders }: Choices): string {
  const days = rule.hours?.days ?? [];
  return sentence({
    channel: rule.channel ?? "",
    senders: senders.filter((sender) => rule.senderIds?.includes(sender.id)).map((sender) => sender.label),
    words: rule.words ?? [],
    fields: (rule.fields ?? []).map(({ field = "", values = [] }) => ({ field, values })),
    hours: rule.hours
      ? `between ${clock(rule.hours.from)} and ${clock(rule.hours.upto)}${days.length > 0 ? ` on ${days.map((day) => r.dayNames[day]).join(", ")}` : ""}`
      : "",
    target: rule.target ?? "",
    group: groups.find((group) => group.id === rule.groupId)?.name ?? "",
    person: people.find(({ user }) => user?.id === rule.userId)?.user?.name ?? "",
    property: rule.property ?? "",
    leadField: rule.leadField ?? "",
    waits: rule.waits ?? false,
  });
}
