/** The templates that can be sent in each conversation, fetched once until they change. */
import { effect, type ReadonlySignal } from "@preact/signals-core";
import type { Call } from "./api.js";
import { toTemplate } from "./frompb.js";
import type { Template } from "./model.js";

export class TemplateShelf {
  private readonly fetched = new Map<string, Promise<Template[]>>();

  constructor(
    private readonly call: Call,
    /** Rises with every change of a template. */
    readonly changes: ReadonlySignal<number>,
  ) {
    effect(() => {
      if (changes.value > 0) this.clear();
    });
  }

  of(conversationId: string): Promise<Template[]> {
    let templates = this.fetched.get(conversationId);
    if (!templates) {
      templates = this.call("TemplateService/ListTemplates", { conversationId }).then((answer) => (answer.templates ?? []).map(toTemplate));
      this.fetched.set(conversationId, templates);
      templates.catch(() => this.fetched.delete(conversationId));
    }
    return templates;
  }

  /** What was fetched may be old by now. */
  clear(): void {
    this.fetched.clear();
  }
}
