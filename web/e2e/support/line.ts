/** One number of the business, as its provider plays it, and the leads' phones at the other end. */
import { control } from "./phone.js";
import type { Hub } from "./hub.js";
import type { Person } from "./people.js";

interface Sender {
  provider: string;
  channel: "sms" | "whatsapp";
  address: string;
}

interface Media {
  id?: string;
  name?: string;
  contentType?: string;
}

interface Handset {
  threads: {
    provider: string;
    address: string;
    messages: { mine: boolean; text?: string; media?: Media[]; location?: Arrived["location"] }[];
  }[];
}

/** What arrived on a phone: its text, its files whole, and the place with it. */
export interface Arrived {
  text: string;
  files: { contentType: string; bytes: Buffer }[];
  location?: { latitude: number; longitude: number; name: string; address: string };
}

export class Line {
  private constructor(
    private readonly hub: Hub,
    readonly provider: string,
    readonly address: string,
  ) {}

  static async of(hub: Hub, provider: string, channel: "sms" | "whatsapp"): Promise<Line> {
    const { senders } = await control<{ senders: Sender[] }>(hub, "GET", "/handset/api/setup");
    const found = senders.find((sender) => sender.provider === provider && sender.channel === channel);
    if (!found) throw new Error(`${provider} plays no number of ${channel}`);
    return new Line(hub, provider, found.address);
  }

  /** The lead writes to this number; the promise ends when the hub has taken the webhook. */
  async hears(lead: Person, what: string | Record<string, unknown>): Promise<void> {
    const content = typeof what === "string" ? { text: what } : what;
    const body = { provider: this.provider, to: this.address, from: lead.phone.number, ...content };
    const { delivered } = await control<{ delivered?: number }>(this.hub, "POST", "/control/reply", body);
    if (!delivered || delivered >= 300) throw new Error(`the hub answered ${delivered} to the lead's message`);
  }

  /** What the business sent to a lead from this number, oldest first. */
  async arrived(lead: Person): Promise<Arrived[]> {
    const path = `/handset/api/handsets/${encodeURIComponent(lead.phone.number)}`;
    const { threads } = await control<Handset>(this.hub, "GET", path);
    const thread = threads.find((one) => one.provider === this.provider && one.address === this.address);
    const theirs = thread?.messages.filter((message) => !message.mine) ?? [];
    return Promise.all(
      theirs.map(async ({ text = "", media = [], location }) => ({
        text,
        files: await Promise.all(media.map((one) => this.file(one))),
        ...(location ? { location } : {}),
      })),
    );
  }

  private async file({ id = "", contentType = "" }: Media): Promise<Arrived["files"][number]> {
    const response = await fetch(`${this.hub.sandboxUrl}/handset/api/media/${id}`);
    if (!response.ok) throw new Error(`the file on the phone: ${response.status}`);
    return { contentType, bytes: Buffer.from(await response.arrayBuffer()) };
  }
}
