import { batch, computed, type Signal, signal } from "@preact/signals";
import { ApiError, api } from "./api";
import { merge, order } from "./merge";
import type { Fault, Handset, Row, Sender, Switches, Writing } from "./types";
import { words } from "./words";

/** One phone on the desk. */
export interface Phone {
  id: string;
  view: Signal<Handset | undefined>;
  /** The thread on its screen; empty shows the list of threads. */
  thread: Signal<string>;
  /** What dropped down from the top of its screen. */
  banner: Signal<{ key: string; text: string } | undefined>;
  busy: boolean;
  again: boolean;
}

/** How many phones lie on the desk at the same time. */
const most = 3;
const listed = 300;

export const rows = signal(new Map<string, Row>());
export const search = signal("");
export const senders = signal<Sender[]>([]);
export const providers = signal<string[]>([]);
/** Whether a page of a customer's own is served beside. */
export const host = signal(false);
export const faults = signal<Fault[]>([]);
export const phones = signal<Phone[]>([]);
export const live = signal(false);
export const loaded = signal(false);
export const notice = signal("");

export const list = computed(() => {
  const wanted = search.value.trim().toLowerCase();
  return order(rows.value.values())
    .filter((row) => !wanted || `${row.name ?? ""} ${row.phone ?? ""} ${row.whatsappId ?? ""}`.toLowerCase().includes(wanted))
    .slice(0, listed);
});
export const unread = computed(() => [...rows.value.values()].reduce((sum, row) => sum + row.unread, 0));

let viewer = "";

/** How long a word of confirmation stays; what went wrong stays until it is closed. */
const confirmFor = 4_000;

export function confirm(text: string): void {
  notice.value = text;
  setTimeout(() => {
    if (notice.value === text) notice.value = "";
  }, confirmFor);
}

let searching: ReturnType<typeof setTimeout> | undefined;

/** Looks among the handsets here at once, and a moment later among all of them. */
export function find(text: string): void {
  search.value = text;
  clearTimeout(searching);
  searching = setTimeout(() => {
    void attempt(async () => keep((await api.rows(text, listed)).handsets));
  }, 200);
}

/** Runs something that talks to the sandbox and shows what went wrong. */
export async function attempt<T>(work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    notice.value = error instanceof ApiError ? error.message : words.offline;
    return undefined;
  }
}

export function start(): void {
  const events = new EventSource("/handset/api/events");
  events.addEventListener("hello", (event) => {
    viewer = (JSON.parse(event.data) as { viewer: string }).viewer;
    live.value = true;
    void refresh();
    for (const phone of phones.value) void tellOpen(phone);
  });
  events.addEventListener("rows", (event) => {
    const { rows: changed, all } = JSON.parse(event.data) as { rows: Row[]; all: boolean };
    if (all) void refresh();
    else apply(changed);
  });
  events.addEventListener("error", () => {
    live.value = false; // the browser comes back by itself
  });
  fromHash();
  addEventListener("hashchange", fromHash);
}

/** Fetches everything again: after connecting, and when too much has changed. */
async function refresh(): Promise<void> {
  await attempt(async () => {
    const [setup, all, rules] = await Promise.all([api.setup(), api.rows("", listed), api.faults()]);
    batch(() => {
      senders.value = setup.senders;
      providers.value = setup.providers;
      host.value = setup.host;
      faults.value = rules.faults;
      rows.value = new Map(all.handsets.map((row) => [row.id, row]));
      loaded.value = true;
    });
    await Promise.all(phones.value.map((phone) => load(phone, true)));
  });
}

function keep(changed: Row[]): void {
  const next = new Map(rows.value);
  for (const row of changed) next.set(row.id, row);
  // A campaign makes a handset for every lead; nobody scrolls through them all.
  rows.value = next.size > 2 * listed ? new Map(order(next.values()).slice(0, listed).map((row) => [row.id, row])) : next;
}

function apply(changed: Row[]): void {
  keep(changed);
  for (const phone of phones.value) {
    if (changed.some((row) => row.id === phone.id)) void load(phone, false);
  }
}

/** Fetches what changed on a phone; one request at a time, and none is missed. */
async function load(phone: Phone, whole: boolean): Promise<void> {
  if (phone.busy) {
    phone.again = true;
    return;
  }
  phone.busy = true;
  await attempt(async () => {
    do {
      phone.again = false;
      const old = phone.view.value;
      const next = await api.handset(phone.id, whole ? 0 : (old?.revision ?? 0));
      const stale = !whole && old && next.revision < old.revision;
      const view = whole ? next : merge(old, stale ? await api.handset(phone.id, 0) : next);
      phone.view.value = view;
      announce(phone, old, view);
    } while (phone.again);
  });
  phone.busy = false;
}

/** Drops a banner for a message that came to a thread that is not on screen. */
function announce(phone: Phone, old: Handset | undefined, next: Handset): void {
  if (!old) return;
  for (const thread of next.threads) {
    const before = old.threads.find((other) => other.key === thread.key);
    const last = thread.messages.findLast((message) => message.shown && !message.mine);
    if (!last || last.seen || thread.key === phone.thread.value) continue;
    if (before?.messages.some((message) => message.id === last.id && message.shown)) continue;
    phone.banner.value = { key: thread.key, text: last.text || words.kind(last.kind) };
  }
}

/** Puts a phone on the desk; the one that lies there longest makes room. */
export function pickUp(id: string): void {
  if (phones.value.some((phone) => phone.id === id)) return;
  const phone: Phone = { id, view: signal(undefined), thread: signal(""), banner: signal(undefined), busy: false, again: false };
  phones.value = [...phones.value.slice(-(most - 1)), phone];
  toHash();
  void load(phone, true);
}

export function putDown(phone: Phone): void {
  phones.value = phones.value.filter((other) => other !== phone);
  toHash();
  void attempt(() => api.open(phone.id, viewer, "")).then(() => undefined);
}

/** Opens a thread on a phone; empty goes back to the list of threads. */
export function openThread(phone: Phone, key: string): void {
  batch(() => {
    phone.thread.value = key;
    phone.banner.value = undefined;
  });
  void tellOpen(phone);
}

async function tellOpen(phone: Phone): Promise<void> {
  // A page in the background reads nothing.
  const key = document.visibilityState === "visible" ? phone.thread.value : "";
  if (viewer) await attempt(() => api.open(phone.id, viewer, key));
}

addEventListener("visibilitychange", () => {
  for (const phone of phones.value) if (phone.thread.value) void tellOpen(phone);
});

export const write = (phone: Phone, writing: Writing) => attempt(() => api.write(phone.id, writing));
export const turn = (id: string, switches: Switches) => attempt(() => api.turn(id, switches));

export async function setFault(fault: Fault): Promise<void> {
  const answer = await attempt(() => api.setFault(fault));
  if (answer) faults.value = answer.faults;
}

export async function calm(): Promise<void> {
  const answer = await attempt(() => api.calm());
  if (answer) faults.value = answer.faults;
}

export async function create(lead: Parameters<typeof api.create>[0]): Promise<string | undefined> {
  const made = await api.create(lead);
  pickUp(made.id);
  return made.id;
}

/** The phones on the desk are in the address, so that a desk can be kept and shared. */
function fromHash(): void {
  const wanted = decodeURIComponent(location.hash.slice(1)).split(",").filter(Boolean).slice(0, most);
  for (const phone of phones.value) if (!wanted.includes(phone.id)) phones.value = phones.value.filter((other) => other !== phone);
  for (const id of wanted) pickUp(id);
}

function toHash(): void {
  history.replaceState(null, "", phones.value.length ? `#${phones.value.map((phone) => phone.id).join(",")}` : location.pathname);
}
