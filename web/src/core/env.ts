/**
 * What core needs from the world. Everything is passed in, so that core runs in
 * Node with fakes and knows no browser.
 */
import type { ReadonlySignal } from "@preact/signals-core";

export interface Clock {
  now(): number;
  /** Calls fn once after ms milliseconds; returns what cancels it. */
  after(ms: number, fn: () => void): () => void;
}

export interface HttpResponse {
  status: number;
  json(): Promise<unknown>;
}

/** One POST. Rejects when no answer came: no network, or too late. */
export type Post = (url: string, headers: Record<string, string>, body: string, timeoutMs: number) => Promise<HttpResponse>;

/** A file that the user chose. */
export interface FileLike {
  readonly name: string;
  /** The content type as the browser sees it; may be empty. */
  readonly type: string;
  /** In bytes. */
  readonly size: number;
}

/** One PUT of a file. done is "" once it is there, else why it was refused; it rejects when no answer came. */
export type Put = (url: string, file: FileLike, onProgress: (part: number) => void) => { done: Promise<string>; cancel(): void };

export interface SocketHandlers {
  onOpen(): void;
  onText(text: string): void;
  onClose(code: number): void;
}

export interface SocketLike {
  send(text: string): void;
  close(): void;
}

export type OpenSocket = (url: string, protocol: string, handlers: SocketHandlers) => SocketLike;

/** Small texts that survive a reload. */
export interface TextStorage {
  get(key: string): string | null;
  set(key: string, value: string): void;
  remove(key: string): void;
}

/** Records that survive a reload, by key. */
export interface RecordStore<T> {
  list(): Promise<T[]>;
  put(key: string, record: T): Promise<void>;
  remove(key: string): Promise<void>;
}

/** A word from this page to the user's other pages, and back. */
export interface Whisper {
  say(): void;
  onHear(fn: () => void): void;
}

export interface Env {
  clock: Clock;
  /** Uniform in [0, 1). */
  random(): number;
  randomBytes(count: number): Uint8Array;
  post: Post;
  put: Put;
  openSocket: OpenSocket;
  /** Origin of the API without a slash at the end; empty for the page's own. */
  baseURL: string;
  socketURL: string;
  storage: TextStorage;
  records<T>(name: string): RecordStore<T>;
  whisper(name: string): Whisper;
  /** Runs fn while no other page of this browser holds the name. */
  lock<T>(name: string, fn: () => Promise<T>): Promise<T>;
  /** Whether the device has a network at all. */
  online: ReadonlySignal<boolean>;
  /** Whether the user can see the page. */
  visible: ReadonlySignal<boolean>;
}
