/**
 * Files that are to go with the next message: judged by what the number can send, sent to
 * the server while the user writes, and taken along by the click on send.
 */
import { computed, signal, type ReadonlySignal } from "@preact/signals-core";
import type { CapabilitiesJson, MediaRuleJson } from "../gen/converse/v1/types_pb.js";
import type { Call } from "./api.js";
import type { Env, FileLike } from "./env.js";
import { asApiError } from "./error.js";
import type { SentFile } from "./outboxitem.js";

/** Why a file cannot go, or did not arrive. */
export type AttachmentProblem =
  | { reason: "type" }
  | { reason: "size"; limit: number; kind: string }
  | { reason: "many"; most: number }
  | { reason: "empty" }
  | { reason: "server"; text: string; again: boolean };

export interface Attachment {
  id: number;
  file: FileLike;
  /** image, video, audio, document …; empty for a file that no rule takes. */
  kind: string;
  /** The longest caption of its kind; 0: none. */
  caption: number;
  state: "uploading" | "ready" | "refused";
  /** From 0 to 1. */
  progress: number;
  mediaId: string;
  problem?: AttachmentProblem;
}

export interface Rules {
  media: MediaRuleJson[];
  filesPerMessage: number;
}

/**
 * Where files go: to a conversation, whose number says what it can send, of which one kind
 * may be wanted; or to the templates of a connector, of which it is known what they take.
 */
export type Target = { conversationId: string; kind?: string } | { connectorId: string; rules: Rules };

/** How many files can wait at once, where a message carries several. */
const mostWaiting = 10;

export class Attachments {
  /** Undefined until the server has said what can be sent. */
  readonly rules: ReadonlySignal<Rules | undefined>;
  readonly list: ReadonlySignal<readonly Attachment[]>;
  /** All that is here can go now. */
  readonly ready: ReadonlySignal<boolean>;
  private readonly known = signal<Rules | undefined>(undefined);
  private readonly files = signal<readonly Attachment[]>([]);
  private readonly cancels = new Map<number, () => void>();
  private asked: Promise<Rules> | undefined;
  private next = 1;

  constructor(
    private readonly env: Pick<Env, "put" | "baseURL">,
    private readonly call: Call,
    private readonly to: Target,
  ) {
    this.rules = this.known;
    this.list = this.files;
    this.ready = computed(() => this.files.value.every((one) => one.state === "ready"));
  }

  /** Asks once what can go. */
  async load(): Promise<Rules> {
    this.asked ??= this.ask().then((rules) => (this.known.value = rules));
    this.asked.catch(() => (this.asked = undefined));
    return this.asked;
  }

  private async ask(): Promise<Rules> {
    if ("rules" in this.to) return this.to.rules;
    const { conversationId, kind } = this.to;
    const can: CapabilitiesJson = (await this.call("ConversationService/GetCapabilities", { conversationId })).capabilities ?? {};
    const media = (can.media ?? []).filter((rule) => kind === undefined || rule.kind === kind);
    return { media, filesPerMessage: kind === undefined ? (can.filesPerMessage ?? 0) : 1 };
  }

  /** Takes files; those that cannot go are shown with the reason. Rejects when the server cannot say what can. */
  async add(files: readonly FileLike[]): Promise<void> {
    const rules = await this.load();
    for (const file of files) {
      const attachment = this.judged(file, rules);
      this.files.value = [...this.files.value, attachment];
      if (attachment.state === "uploading") void this.upload(attachment);
    }
  }

  remove(id: number): void {
    this.cancels.get(id)?.();
    this.cancels.delete(id);
    const gone = this.files.value.find((one) => one.id === id);
    this.files.value = this.files.value.filter((one) => one.id !== id);
    if (gone?.mediaId) this.call("MediaService/CancelUpload", { mediaId: gone.mediaId }).catch(() => undefined);
  }

  /** Sends a file once more that did not arrive. */
  again(id: number): void {
    const one = this.files.value.find((other) => other.id === id);
    if (!one) return;
    this.change(id, { state: "uploading", progress: 0, problem: undefined, mediaId: "" });
    void this.upload(one);
  }

  /** Takes out what is ready, in messages of as many files as one can carry. */
  take(): { files: SentFile[]; caption: number }[] {
    const ready = this.files.value.filter((one) => one.state === "ready");
    this.files.value = this.files.value.filter((one) => one.state !== "ready");
    const out: { files: SentFile[]; caption: number }[] = [];
    for (const one of ready) {
      const sent = { mediaId: one.mediaId, kind: one.kind, name: one.file.name, contentType: one.file.type, size: one.file.size };
      const last = out.at(-1);
      const most = this.rule(one.kind)?.perMessage ?? 1;
      if (last && last.files.length < most && last.files[0]?.kind === one.kind) last.files.push(sent);
      else out.push({ files: [sent], caption: one.caption });
    }
    return out;
  }

  private rule(kind: string): MediaRuleJson | undefined {
    return this.known.value?.media.find((rule) => rule.kind === kind);
  }

  private judged(file: FileLike, rules: Rules): Attachment {
    const rule = ruleOf(file, rules.media);
    const kind = rule?.kind ?? "";
    const one: Attachment = { id: this.next++, file, kind, caption: rule?.caption ?? 0, state: "refused", progress: 0, mediaId: "" };
    const limit = Number(rule?.maxBytes ?? 0);
    const waiting = this.files.value.filter((other) => other.state !== "refused").length;
    const most = rules.filesPerMessage > 1 ? mostWaiting : 1;
    if (!rule) return { ...one, problem: { reason: "type" } };
    if (file.size === 0) return { ...one, problem: { reason: "empty" } };
    if (limit > 0 && file.size > limit) return { ...one, problem: { reason: "size", limit, kind } };
    if (waiting >= most) return { ...one, problem: { reason: "many", most } };
    return { ...one, state: "uploading" };
  }

  private async upload({ id, file }: Attachment): Promise<void> {
    try {
      const to = "rules" in this.to ? { connectorId: this.to.connectorId } : { conversationId: this.to.conversationId };
      const request = { ...to, fileName: file.name || "file", contentType: file.type, size: file.size };
      const created = await this.call("MediaService/CreateUpload", request);
      const mediaId = created.mediaId ?? "";
      if (!this.change(id, { mediaId })) {
        await this.call("MediaService/CancelUpload", { mediaId });
        return;
      }
      const url = created.uploadUrl ?? "";
      const put = this.env.put(url.startsWith("/") ? this.env.baseURL + url : url, file, (part) => this.change(id, { progress: part }));
      this.cancels.set(id, put.cancel);
      const refused = await put.done;
      this.cancels.delete(id);
      if (refused) return void this.change(id, { state: "refused", problem: { reason: "server", text: refused, again: false } });
      await this.call("MediaService/CompleteUpload", { mediaId });
      this.change(id, { state: "ready", progress: 1 });
    } catch (thrown) {
      this.cancels.delete(id);
      const error = asApiError(thrown);
      this.change(id, { state: "refused", problem: { reason: "server", text: error.message, again: error.temporary } });
    }
  }

  /** False when the file is gone. */
  private change(id: number, part: Partial<Attachment>): boolean {
    const there = this.files.value.some((one) => one.id === id);
    if (there) this.files.value = this.files.value.map((one) => (one.id === id ? { ...one, ...part } : one));
    return there;
  }
}

/** The rule that takes a file: by its declared type, or by the ending of its name where the browser knows none. */
export function ruleOf(file: FileLike, rules: readonly MediaRuleJson[]): MediaRuleJson | undefined {
  const type = file.type.split(";")[0]?.trim().toLowerCase() ?? "";
  const name = file.name.toLowerCase();
  const ends = (rule: MediaRuleJson) => (rule.endings ?? []).some((ending) => name.endsWith(ending));
  return rules.find((rule) => rule.types?.includes(type)) ?? (type === "" ? rules.find(ends) : undefined);
}
