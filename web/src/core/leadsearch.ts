import { signal, type ReadonlySignal } from "@preact/signals-core";
import type { LeadJson } from "../gen/converse/v1/types_pb.js";
import type { Call } from "./api.js";
import type { Env } from "./env.js";
import { toLead } from "./frompb.js";
import type { Lead } from "./model.js";

export type SearchState = "idle" | "loading" | "ready" | "failed";

const settleMs = 150;

/** Leads by the beginning of a name, an address or a number, while the user types. */
export class LeadSearch {
  private readonly text = signal("");
  private readonly found = signal<readonly Lead[]>([]);
  private readonly whole = signal<readonly LeadJson[]>([]);
  private readonly current = signal<SearchState>("idle");
  private answered: string | undefined;
  private round = 0;
  private cancel: (() => void) | undefined;

  constructor(
    private readonly clock: Env["clock"],
    private readonly call: Call,
    private readonly limit = 20,
  ) {}

  get query(): ReadonlySignal<string> {
    return this.text;
  }

  get results(): ReadonlySignal<readonly Lead[]> {
    return this.found;
  }

  /** The results with all that the server says of them. */
  get records(): ReadonlySignal<readonly LeadJson[]> {
    return this.whole;
  }

  get state(): ReadonlySignal<SearchState> {
    return this.current;
  }

  /** Searches once the typing rests; an empty query finds the leads changed last. */
  type(query: string): void {
    this.text.value = query;
    this.cancel?.();
    this.cancel = this.clock.after(settleMs, () => void this.run());
  }

  /** Whether the results belong to what is typed; while typing, the ones before stay in sight. */
  get fresh(): boolean {
    return this.answered === this.text.peek().trim();
  }

  /** The results for what is typed now, and not those still in sight; nothing when more was typed meanwhile. */
  async settled(): Promise<readonly Lead[] | undefined> {
    if (!this.fresh) await this.run();
    if (this.fresh) return this.found.peek();
    return this.current.peek() === "failed" ? [] : undefined;
  }

  /** Searches now. */
  async run(): Promise<void> {
    this.cancel?.();
    const round = ++this.round;
    const query = this.text.value.trim();
    this.current.value = "loading";
    try {
      const answer = await this.call("LeadService/SearchLeads", { query, limit: this.limit });
      if (round !== this.round) return; // a later question was asked meanwhile
      this.answered = query;
      this.whole.value = answer.leads ?? [];
      this.found.value = (answer.leads ?? []).map(toLead);
      this.current.value = "ready";
    } catch {
      if (round === this.round) this.current.value = "failed";
    }
  }
}
