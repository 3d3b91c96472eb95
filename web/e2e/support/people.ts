/** Leads of the demo, handed out one per test, so that no test meets another's messages. */
import { Api, type LeadRecord } from "./api.js";
import type { Hub } from "./hub.js";
import { Phone } from "./phone.js";

export interface Person {
  id: string;
  name: string;
  firstName: string;
  phone: Phone;
  /** The second number, of those who have one. */
  office: Phone;
  /** The identifier of the first number. */
  identifierId: string;
}

export interface Wanted {
  /** Whose lead it is. */
  owner?: "Mira" | "Jonas";
  numbers?: 1 | 2;
}

export class People {
  private constructor(
    private readonly hub: Hub,
    private readonly left: LeadRecord[],
  ) {}

  static async of(hub: Hub): Promise<People> {
    const ada = await Api.signIn(hub, "Ada");
    const byId = new Map<string, LeadRecord>();
    for (const letter of "abcdefghijklmnopqrstuvwxyz") {
      for (const lead of await ada.searchLeads(letter)) byId.set(lead.id, lead);
    }
    const all = [...byId.values()];
    const names = all.map(nameOf);
    const known = new Set((await ada.conversations()).map((conversation) => conversation.leadId));
    const fresh = all.filter((lead) => {
      const name = nameOf(lead);
      const reachable = lead.identifiers.every((identifier) => !identifier.invalid && !identifier.optedOutAt);
      return reachable && numbersOf(lead).length > 0 && !known.has(lead.id) && names.indexOf(name) === names.lastIndexOf(name);
    });
    return new People(hub, fresh.sort((a, b) => a.id.localeCompare(b.id)));
  }

  /** Somebody nobody has written with yet. */
  take({ owner = "Mira", numbers = 1 }: Wanted = {}): Person {
    const at = this.left.findIndex((lead) => lead.ownerName.startsWith(owner) && numbersOf(lead).length === numbers);
    const [lead] = at < 0 ? [] : this.left.splice(at, 1);
    if (!lead) throw new Error("the demo has no lead left for this test");
    const [first, second = first] = numbersOf(lead);
    return {
      id: lead.id,
      name: nameOf(lead),
      firstName: lead.firstName,
      phone: new Phone(this.hub, first?.value ?? ""),
      office: new Phone(this.hub, second?.value ?? ""),
      identifierId: first?.id ?? "",
    };
  }
}

const nameOf = (lead: LeadRecord): string => `${lead.firstName} ${lead.lastName}`;
const numbersOf = (lead: LeadRecord) => lead.identifiers.filter((identifier) => identifier.kind === "phone");
