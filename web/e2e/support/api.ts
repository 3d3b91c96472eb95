/** What a test sets up through the public API instead of through the screen. */
import type { Hub } from "./hub.js";

export interface Identifier {
  id: string;
  kind: "phone" | "email" | "whatsapp";
  value: string;
  invalid?: boolean;
  optedOutAt?: string;
}

export interface LeadRecord {
  id: string;
  firstName: string;
  lastName: string;
  ownerName: string;
  identifiers: Identifier[];
}

export interface ConversationRecord {
  id: string;
  leadId: string;
  lastSeq: number;
  unread: number;
}

export interface MessageRecord {
  id: string;
  seq: number;
  direction: string;
  text: string;
  status: string;
  clientId: string;
}

export class Api {
  private constructor(
    private readonly hub: Hub,
    private readonly token: string,
  ) {}

  static async signIn(hub: Hub, name: string): Promise<Api> {
    const { email, password } = hub.login(name);
    return Api.signInAs(hub, email, password);
  }

  static async signInAs(hub: Hub, email: string, password: string): Promise<Api> {
    const { token } = await new Api(hub, "").call<{ token: string }>("AuthService/LogIn", { email, password });
    return new Api(hub, token);
  }

  async call<T>(method: string, body: unknown): Promise<T> {
    const headers: Record<string, string> = { "Content-Type": "application/json" };
    if (this.token !== "") headers.Authorization = `Bearer ${this.token}`;
    const response = await fetch(`${this.hub.url}/converse.v1.${method}`, { method: "POST", headers, body: JSON.stringify(body) });
    if (!response.ok) throw new Error(`${method}: ${response.status} ${await response.text()}`);
    return (await response.json()) as T;
  }

  async searchLeads(query: string): Promise<LeadRecord[]> {
    return (await this.call<{ leads?: LeadRecord[] }>("LeadService/SearchLeads", { query, limit: 50 })).leads ?? [];
  }

  /** Opens a conversation with one of a lead's numbers, and answers its id. */
  async conversation(leadId: string, channel: "whatsapp" | "sms", identifierId: string): Promise<string> {
    const answer = await this.call<{ conversation: { id: string } }>("ConversationService/StartConversation", { leadId, channel, identifierId });
    return answer.conversation.id;
  }

  /** The latest conversations. */
  async conversations(): Promise<ConversationRecord[]> {
    return (await this.call<{ conversations?: ConversationRecord[] }>("ConversationService/ListConversations", { limit: 50 })).conversations ?? [];
  }

  /** Begins a test with nothing unread. */
  async readEverything(): Promise<void> {
    for (const { id, lastSeq, unread } of await this.conversations()) {
      if (unread > 0) await this.call("ConversationService/MarkRead", { conversationId: id, seq: lastSeq });
    }
  }

  async send(conversationId: string, text: string): Promise<MessageRecord> {
    const body = { conversationId, clientId: crypto.randomUUID(), text };
    return (await this.call<{ message: MessageRecord }>("ConversationService/SendMessage", body)).message;
  }

  async messages(conversationId: string): Promise<MessageRecord[]> {
    return (await this.call<{ messages?: MessageRecord[] }>("ConversationService/ListMessages", { conversationId, limit: 200 })).messages ?? [];
  }
}
