import { signal } from "@preact/signals-core";
import type { Env, RecordStore, SocketHandlers, TextStorage } from "../../src/core/env.js";

/** Lets every promise that can go on, go on. */
export async function settle(): Promise<void> {
  for (let i = 0; i < 5; i++) await new Promise((resolve) => setTimeout(resolve, 0));
}

/** Time that moves when told to. */
export class FakeClock {
  time = 1_700_000_000_000;
  private timers: { at: number; fn: () => void }[] = [];

  now(): number {
    return this.time;
  }

  after(ms: number, fn: () => void): () => void {
    const timer = { at: this.time + ms, fn };
    this.timers.push(timer);
    return () => {
      this.timers = this.timers.filter((t) => t !== timer);
    };
  }

  /** How many timers are set. */
  get pending(): number {
    return this.timers.length;
  }

  async advance(ms: number): Promise<void> {
    const end = this.time + ms;
    await settle();
    for (;;) {
      const next = this.timers.filter((t) => t.at <= end).sort((a, b) => a.at - b.at)[0];
      if (!next) break;
      this.timers = this.timers.filter((t) => t !== next);
      this.time = Math.max(this.time, next.at);
      next.fn();
      await settle();
    }
    this.time = end;
  }
}

/** Records that several pages of one browser share. */
export class FakeRecords<T> implements RecordStore<T> {
  readonly map = new Map<string, string>();
  /** Makes every write wait for this. */
  gate: Promise<void> = Promise.resolve();

  async list(): Promise<T[]> {
    return [...this.map.values()].map((text) => JSON.parse(text) as T);
  }

  async put(key: string, record: T): Promise<void> {
    await this.gate;
    this.map.set(key, JSON.stringify(record));
  }

  async remove(key: string): Promise<void> {
    this.map.delete(key);
  }
}

export class FakeStorage implements TextStorage {
  readonly map = new Map<string, string>();
  get(key: string): string | null {
    return this.map.get(key) ?? null;
  }
  set(key: string, value: string): void {
    this.map.set(key, value);
  }
  remove(key: string): void {
    this.map.delete(key);
  }
}

/** A connection seen from the server's side. */
export interface FakeWire {
  handlers: SocketHandlers;
  sent: Record<string, unknown>[];
  closedByClient: boolean;
}

/** What the pages of one browser share. */
export class FakeBrowser {
  readonly clock = new FakeClock();
  readonly storage = new FakeStorage();
  readonly online = signal(true);
  readonly visible = signal(true);
  readonly wires: FakeWire[] = [];
  readonly stores = new Map<string, FakeRecords<never>>();
  /** What random() answers. */
  chance = 0.5;
  private readonly locks = new Map<string, Promise<unknown>>();
  private readonly hearers = new Map<string, { page: object; fn: () => void }[]>();

  recordsOf<T>(name: string): FakeRecords<T> {
    let records = this.stores.get(name);
    if (!records) this.stores.set(name, (records = new FakeRecords<never>()));
    return records as unknown as FakeRecords<T>;
  }

  /** The world of one page. */
  page(): Env {
    const page = {};
    let byte = 0;
    return {
      clock: this.clock,
      random: () => this.chance,
      randomBytes: (count) => new Uint8Array(count).map(() => byte++ % 256),
      post: () => Promise.reject(new Error("no network in this test")),
      put: () => ({ done: Promise.reject(new Error("no network in this test")), cancel: () => undefined }),
      openSocket: (_url, _protocol, handlers) => {
        const wire: FakeWire = { handlers, sent: [], closedByClient: false };
        this.wires.push(wire);
        return {
          send: (text) => void wire.sent.push(JSON.parse(text) as Record<string, unknown>),
          close: () => void (wire.closedByClient = true),
        };
      },
      baseURL: "",
      socketURL: "ws://test/ws",
      storage: this.storage,
      records: (name) => this.recordsOf(name),
      whisper: (name) => ({
        say: () => {
          for (const h of this.hearers.get(name) ?? []) if (h.page !== page) h.fn();
        },
        onHear: (fn) => void this.hearers.set(name, [...(this.hearers.get(name) ?? []), { page, fn }]),
      }),
      lock: (name, fn) => {
        const turn = (this.locks.get(name) ?? Promise.resolve()).then(fn, fn);
        this.locks.set(
          name,
          turn.catch(() => undefined),
        );
        return turn;
      },
      online: this.online,
      visible: this.visible,
    };
  }
}
