/** The other side, through the sandbox's control API: a lead's phone and its provider. */
import type { Hub } from "./hub.js";

export type Channel = "whatsapp" | "sms";

/** One send call a provider got. */
export interface Call {
  provider: string;
  to: string;
  reference: string;
  text: string;
  accepted: boolean;
  id: string;
}

export interface Switches {
  readReceipts?: boolean;
  autoRead?: boolean;
  flight?: boolean;
  silent?: boolean;
}

const providers: Record<Channel, string> = { whatsapp: "whatsapp_cloud", sms: "ctm" };

export class Phone {
  constructor(
    private readonly hub: Hub,
    readonly number: string,
  ) {}

  /** The lead writes; the promise ends when the hub has taken the webhook. */
  async says(text: string, channel: Channel = "whatsapp"): Promise<void> {
    await this.sends({ text }, channel);
  }

  /** The lead sends something that is not only text. */
  async sends(what: Record<string, unknown>, channel: Channel = "whatsapp"): Promise<void> {
    const body = { to: this.sender(channel), from: this.number, ...what };
    const { delivered } = await control<{ delivered?: number }>(this.hub, "POST", "/control/reply", body);
    if (delivered !== 200) throw new Error(`the hub answered ${delivered} to the lead's message`);
  }

  async turn(switches: Switches): Promise<void> {
    await control(this.hub, "PATCH", `/handset/api/handsets/${encodeURIComponent(this.number)}`, switches);
  }

  /** A receipt for one send call, whatever the phone does. */
  async receipt(call: Call, status: "sent" | "delivered" | "read" | "failed"): Promise<void> {
    await control(this.hub, "POST", "/control/receipt", { reference: call.reference || call.id, status });
  }

  /** Makes the provider misbehave toward this phone alone. */
  async fault(kind: string, more: Record<string, unknown> = {}, channel: Channel = "whatsapp"): Promise<void> {
    await control(this.hub, "PUT", "/control/faults", { provider: providers[channel], kind, share: 1, handset: this.number, ...more });
  }

  async calm(kind: string, channel: Channel = "whatsapp"): Promise<void> {
    await this.fault(kind, { share: 0 }, channel);
  }

  /** Closes the window of WhatsApp's 24 hours, as seen by the provider. */
  async closesWindow(): Promise<void> {
    await control(this.hub, "POST", "/control/expire-window", { to: this.sender("whatsapp"), from: this.number });
  }

  /** Every call that was to reach this phone, in order. */
  async calls(): Promise<Call[]> {
    const answer = await control<{ calls: Call[] }>(this.hub, "GET", `/control/journal?to=${encodeURIComponent(this.number)}`);
    return answer.calls;
  }

  /** The texts of those calls: what I3 is counted by. */
  async texts(): Promise<string[]> {
    return (await this.calls()).map((call) => call.text);
  }

  private sender(channel: Channel): string {
    return this.hub.connector(providers[channel]).sender;
  }
}

export async function control<T>(hub: Hub, method: string, path: string, body?: unknown): Promise<T> {
  const init: RequestInit = { method };
  if (body !== undefined) {
    init.headers = { "Content-Type": "application/json" };
    init.body = JSON.stringify(body);
  }
  const response = await fetch(hub.sandboxUrl + path, init);
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
  return (await response.json()) as T;
}
