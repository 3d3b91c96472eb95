/** What colleagues do with one conversation among themselves. */
import type { Desk } from "./desk.js";
import { toMessage } from "./frompb.js";
import type { Message } from "./model.js";

/** Another user, and what they could do with the lead. */
export interface Colleague {
  id: string;
  name: string;
  role: string;
  /** Sees the lead as things are. */
  sees: boolean;
  /** May be given the lead. */
  mayTake: boolean;
}

/** A group that could be given the lead: the next of its members in turn gets it. */
export interface TakingGroup {
  id: string;
  name: string;
  takers: number;
}

/** Who a lead is given to. */
export type Taker = { userId: string } | { groupId: string };

interface Everyone {
  people: Colleague[];
  groups: TakingGroup[];
}

/** What was given, and the way to take it back for a moment. */
export interface Given {
  ownerId: string;
  ownerName: string;
  undo(): Promise<void>;
}

export class Team {
  private asked: Promise<Everyone> | undefined;

  constructor(
    private readonly desk: Desk,
    private readonly id: string,
  ) {}

  /** Everyone else by name. */
  colleagues(): Promise<Colleague[]> {
    return this.everyone().then(({ people }) => people);
  }

  /** Everyone else and the groups, by name; asked once until something fails or the owner changes. */
  everyone(): Promise<Everyone> {
    if (!this.asked) {
      this.asked = this.desk.call("ConversationService/ListColleagues", { conversationId: this.id }).then((answer) => ({
        people: (answer.colleagues ?? []).map(toColleague),
        groups: (answer.groups ?? []).map(({ id = "", name = "", takers = 0 }) => ({ id, name, takers })),
      }));
      this.asked.catch(() => (this.asked = undefined));
    }
    return this.asked;
  }

  /** The name of a user; empty for one who is not here any more. */
  nameOf(userId: string): string {
    return userId === this.desk.user.id ? this.desk.user.name : (this.desk.colleagues.get(userId)?.name ?? "");
  }

  async editNote(messageId: string, text: string, mentionIds: string[]): Promise<void> {
    this.put(toMessage((await this.desk.call("ConversationService/EditNote", { messageId, text, mentionIds })).message));
  }

  async deleteNote(messageId: string): Promise<void> {
    this.put(toMessage((await this.desk.call("ConversationService/DeleteNote", { messageId })).message));
  }

  /** Puts the conversation out of the way until a time. */
  async snooze(until: Date): Promise<void> {
    const answer = await this.desk.call("ConversationService/SnoozeConversation", { conversationId: this.id, until: until.toISOString() });
    if (answer.conversation) this.desk.store.putAnswer(answer.conversation);
  }

  async unsnooze(): Promise<void> {
    const answer = await this.desk.call("ConversationService/UnsnoozeConversation", { conversationId: this.id });
    if (answer.conversation) this.desk.store.putAnswer(answer.conversation);
  }

  /** Gives the lead with all its conversations to a colleague or a group, or takes it. */
  async transfer(leadId: string, to: Taker, comment: string): Promise<Given> {
    const answer = await this.desk.call("ConversationService/TransferLead", { leadId, ...to, comment, conversationId: this.id });
    this.asked = undefined;
    const { transferId = "", ownerId = "", ownerName = "" } = answer;
    const undo = async () => {
      await this.desk.call("ConversationService/UndoTransfer", { transferId });
    };
    return { ownerId, ownerName, undo };
  }

  private put(message: Message): void {
    this.desk.store.putMessage(message);
  }
}

function toColleague(json: { id?: string; name?: string; role?: string; sees?: boolean; mayTake?: boolean }): Colleague {
  return { id: json.id ?? "", name: json.name ?? "", role: json.role ?? "", sees: json.sees ?? false, mayTake: json.mayTake ?? false };
}
