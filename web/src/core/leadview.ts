import { batch, computed, signal, type ReadonlySignal } from "@preact/signals-core";
import type { LeadJson } from "../gen/converse/v1/types_pb.js";
import type { Desk } from "./desk.js";
import { asApiError, type ApiError } from "./error.js";
import { toLead } from "./frompb.js";
import type { Channel, Identifier, Lead } from "./model.js";
import type { Chat } from "./store.js";

/** One way to talk to a lead: a conversation that exists, or one that can be begun. */
export interface Choice {
  key: string;
  channel: Channel;
  identifier: Identifier;
  chat?: Chat;
}

/** A lead with the ways to reach it. */
export class LeadView {
  readonly choices: ReadonlySignal<readonly Choice[]>;
  private readonly person = signal<Lead | undefined>(undefined);
  private readonly whole = signal<LeadJson | undefined>(undefined);
  private readonly chats = signal<readonly Chat[]>([]);
  private readonly fault = signal<ApiError | undefined>(undefined);

  constructor(
    private readonly desk: Desk,
    readonly id: string,
  ) {
    this.choices = computed(() => (this.person.value ? choicesOf(this.person.value, this.chats.value) : []));
  }

  /** Absent while loading. */
  get lead(): ReadonlySignal<Lead | undefined> {
    return this.person;
  }

  /** All that the server says of the lead. */
  get record(): ReadonlySignal<LeadJson | undefined> {
    return this.whole;
  }

  get error(): ReadonlySignal<ApiError | undefined> {
    return this.fault;
  }

  async load(): Promise<void> {
    this.fault.value = undefined;
    try {
      const answer = await this.desk.call("LeadService/GetLead", { leadId: this.id });
      batch(() => {
        this.chats.value = (answer.conversations ?? []).map((json) => this.desk.store.putAnswer(json));
        this.put(answer.lead ?? {});
      });
    } catch (thrown) {
      this.fault.value = asApiError(thrown);
    }
  }

  /** Takes the lead from an answer or an event, unless what is known is newer. */
  put(lead: LeadJson): void {
    if ((lead.version ?? 0) < (this.whole.peek()?.version ?? 0)) return;
    batch(() => {
      this.whole.value = lead;
      this.person.value = toLead(lead);
    });
  }

  /** Follows the lead's changes until what is returned is called. */
  follow(): () => void {
    return this.desk.onLead((lead) => {
      if (lead.id === this.id) this.put(lead);
    });
  }

  /** The conversation of a choice, begun if need be; its id. */
  async start(choice: Choice): Promise<string> {
    if (choice.chat) return choice.chat.id;
    const answer = await this.desk.call("ConversationService/StartConversation", {
      leadId: this.id,
      channel: choice.channel,
      identifierId: choice.identifier.id,
    });
    const chat = this.desk.store.putAnswer(answer.conversation ?? {});
    this.chats.value = [...this.chats.value.filter((known) => known.id !== chat.id), chat];
    return chat.id;
  }
}

/** What exists, the latest first, and then every identifier a channel can reach. */
export function choicesOf(lead: Lead, chats: readonly Chat[]): Choice[] {
  const existing = [...chats]
    .sort((a, b) => (b.last.value?.message.createdAt ?? 0) - (a.last.value?.message.createdAt ?? 0))
    .map((chat): Choice => ({ key: chat.id, channel: chat.data.value.channel, identifier: chat.data.value.identifier, chat }));
  const taken = new Set(existing.map((c) => `${c.channel}/${c.identifier.id}`));
  const channels: Channel[] = ["whatsapp", "sms"];
  const open = lead.identifiers.flatMap((identifier) =>
    channels
      .filter((channel) => reaches(channel, identifier) && !taken.has(`${channel}/${identifier.id}`))
      .map((channel): Choice => ({ key: `${channel}/${identifier.id}`, channel, identifier })),
  );
  return [...existing, ...open];
}

function reaches(channel: Channel, identifier: Identifier): boolean {
  if (identifier.invalid) return false;
  return identifier.kind === "phone" || (channel === "whatsapp" && identifier.kind === "whatsapp");
}
