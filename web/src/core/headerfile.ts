/**
 * The one file over a template's text: of the kind that the header takes, sent to the
 * server as soon as it is chosen. Another that is chosen takes its place.
 */
import { computed, signal, type ReadonlySignal } from "@preact/signals-core";
import type { MediaRuleJson } from "../gen/converse/v1/types_pb.js";
import type { Attachment, Attachments, Rules } from "./attachments.js";
import type { FileLike } from "./env.js";

export class HeaderFile {
  /** What can be chosen; undefined until it is known. */
  readonly rules: ReadonlySignal<Rules | undefined>;
  /** What can be chosen could not be asked for. */
  readonly unknown: ReadonlySignal<boolean>;
  readonly file: ReadonlySignal<Attachment | undefined>;
  /** What the server calls the file; empty until it has it. */
  readonly mediaId: ReadonlySignal<string>;
  private readonly failed = signal(false);

  constructor(private readonly attachments: Attachments) {
    this.rules = attachments.rules;
    this.file = computed(() => attachments.list.value.at(-1));
    this.mediaId = computed(() => (this.file.value?.state === "ready" ? this.file.value.mediaId : ""));
    this.unknown = this.failed;
  }

  /** The rule of the header's kind, for those who are to know it beforehand. */
  get rule(): MediaRuleJson | undefined {
    return this.rules.value?.media[0];
  }

  /** Asks what can be chosen. */
  async load(): Promise<void> {
    this.failed.value = false;
    try {
      await this.attachments.load();
    } catch {
      this.failed.value = true;
    }
  }

  /** Takes a file in place of the one before. */
  async choose(file: FileLike): Promise<void> {
    this.remove();
    try {
      await this.attachments.add([file]);
    } catch {
      this.failed.value = true;
    }
  }

  /** Sends the file once more that did not arrive. */
  again(): void {
    const { value: file } = this.file;
    if (file) this.attachments.again(file.id);
  }

  /** Takes the file away, here and on the server. */
  remove(): void {
    for (const one of this.attachments.list.value) this.attachments.remove(one.id);
  }

  /** It belongs to a message or a template now, and is not to be taken back. */
  keep(): void {
    this.attachments.take();
  }
}
