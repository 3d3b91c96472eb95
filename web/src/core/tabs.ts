/**
 * The conversations that have a tab. Storage holds their ids alone: what a tab shows is
 * the store's, and a conversation that the server does not show loses its tab.
 */
import { effect, signal, type ReadonlySignal, type Signal } from "@preact/signals-core";
import type { Desk } from "./desk.js";
import type { TextStorage } from "./env.js";
import { asApiError } from "./error.js";
import { Timers } from "./timers.js";

/** As many as keep their names legible over a thread. */
export const mostTabs = 10;

// What is answered for a conversation that is not there, hidden, or was never one.
const goneCodes: ReadonlySet<string> = new Set(["not_found", "invalid_argument"]);

export interface TabsOptions {
  storage: TextStorage;
  userId: string;
  /** Whether something stands in a conversation that was not sent. */
  unsent(id: string): boolean;
}

export class Tabs {
  private readonly shown: Signal<readonly string[]>;
  // The same ids, the one used longest ago first.
  private used: readonly string[];
  private readonly key: string;

  constructor(private readonly options: TabsOptions) {
    this.key = `converse:tabs:${options.userId}`;
    const [shown = [], used = []] = (options.storage.get(this.key) ?? "").split("\n").map(idsIn);
    const ids = [...new Set(shown)].slice(0, mostTabs);
    this.shown = signal<readonly string[]>(ids);
    this.used = [...ids.filter((id) => !used.includes(id)), ...new Set(used.filter((id) => ids.includes(id)))];
  }

  /** The conversations in the order of their tabs. */
  get ids(): ReadonlySignal<readonly string[]> {
    return this.shown;
  }

  /**
   * Gives a conversation that comes on screen a tab, in the place of the one used longest
   * ago where ten are open. False where a draft stands in each of those.
   */
  open(id: string): boolean {
    const ids = this.shown.peek();
    if (!ids.includes(id)) {
      if (ids.length < mostTabs) this.shown.value = [...ids, id];
      else {
        const out = this.used.find((one) => !this.options.unsent(one));
        if (out === undefined) return false;
        this.shown.value = ids.map((one) => (one === out ? id : one));
      }
    }
    this.keep([...this.used.filter((one) => one !== id), id]);
    return true;
  }

  /** Takes a tab away and answers its neighbour, the next before the previous; empty for none. */
  close(id: string): string {
    const ids = this.shown.peek();
    const at = ids.indexOf(id);
    if (at < 0) return "";
    this.shown.value = ids.filter((one) => one !== id);
    this.keep(this.used);
    return ids[at + 1] ?? ids[at - 1] ?? "";
  }

  private keep(used: readonly string[]): void {
    const ids = this.shown.peek();
    this.used = used.filter((id) => ids.includes(id));
    if (ids.length === 0) this.options.storage.remove(this.key);
    else this.options.storage.set(this.key, `${ids.join(" ")}\n${this.used.join(" ")}`);
  }
}

/**
 * Asks for the conversations of tabs that are not here: after a reload, and when one was
 * taken from the screen. Those the user may not see lose their tab. Ends when what is
 * returned is called.
 */
export function keepTabs(tabs: Tabs, desk: Pick<Desk, "call" | "env" | "ready" | "store">): () => void {
  const { call, env, ready, store } = desk;
  const timers = new Timers(env.clock);
  const asked = new Set<string>();
  let ended = false;
  const ask = async (id: string): Promise<void> => {
    await ready;
    if (ended) return;
    try {
      const { conversation } = await call("ConversationService/GetConversation", { conversationId: id });
      asked.delete(id);
      if (conversation && !ended) store.putAnswer(conversation);
    } catch (thrown) {
      if (ended) return;
      // Anything else says nothing of what the user may see.
      if (!goneCodes.has(asApiError(thrown).code)) throw thrown;
      asked.delete(id);
      tabs.close(id);
    }
  };
  const stop = effect(() => {
    void store.all.value;
    for (const id of tabs.ids.value) {
      if (store.get(id) || asked.has(id)) continue;
      asked.add(id);
      timers.attempt(id, () => ask(id));
    }
  });
  return () => {
    ended = true;
    stop();
    timers.stop();
  };
}

function idsIn(line: string): string[] {
  return line.split(" ").filter((id) => id !== "");
}
