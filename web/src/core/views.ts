/** The conversations that are or lately were on screen. */
import type { Desk } from "./desk.js";
import { ConversationView } from "./view.js";

// Every tab of the console keeps its thread and the files that wait in its composer.
const keptThreads = 10;

export class Views {
  // In the order of last use.
  private readonly kept = new Map<string, ConversationView>();

  constructor(private readonly desk: Desk) {}

  /** The view of a conversation. The threads of those not used for longest are let go. */
  of(id: string): ConversationView {
    const view = this.kept.get(id) ?? new ConversationView(this.desk, id);
    this.kept.delete(id);
    this.kept.set(id, view);
    for (const [oldId, old] of this.kept) {
      if (this.kept.size <= keptThreads) break;
      if (old.isOpen) continue;
      this.kept.delete(oldId);
      this.desk.store.get(oldId)?.thread.forget();
    }
    return view;
  }

  isOpen(id: string): boolean {
    return this.kept.get(id)?.isOpen ?? false;
  }

  open(): ConversationView[] {
    return [...this.kept.values()].filter((view) => view.isOpen);
  }

  /** Takes conversations off the screen that the user may not see any more. */
  forget(ids: readonly string[]): void {
    for (const id of ids) {
      this.kept.get(id)?.gone();
      this.kept.delete(id);
    }
  }
}
