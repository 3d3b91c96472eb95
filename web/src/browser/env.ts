/** The browser, as core sees it. */
import { signal } from "@preact/signals";
import type { Env, FileLike, OpenSocket, Post, TextStorage, Whisper } from "../core/env.js";
import { browserRecords, memoryRecords } from "./records.js";

/**
 * The world of this page, talking to the server at `baseURL` (empty: the page's own). On
 * a page of another site nothing about leads is left behind: drafts and messages on
 * their way live as long as the page.
 */
export function browserEnv(baseURL = ""): Env {
  const online = signal(navigator.onLine);
  const visible = signal(document.visibilityState === "visible");
  addEventListener("online", () => (online.value = true));
  addEventListener("offline", () => (online.value = false));
  document.addEventListener("visibilitychange", () => (visible.value = document.visibilityState === "visible"));
  const socketURL = new URL("/ws", baseURL || location.href);
  socketURL.protocol = socketURL.protocol.replace("http", "ws");
  return {
    clock: {
      now: () => Date.now(),
      after: (ms, fn) => {
        const timer = setTimeout(fn, ms);
        return () => clearTimeout(timer);
      },
    },
    random: Math.random,
    randomBytes: (count) => crypto.getRandomValues(new Uint8Array(count)),
    post,
    put,
    openSocket,
    baseURL,
    socketURL: socketURL.href,
    storage: baseURL ? memoryStorage() : browserStorage(),
    records: baseURL ? memoryRecords : browserRecords,
    whisper,
    // Only secure pages have locks; elsewhere the server's idempotency must do.
    lock: async <T>(name: string, fn: () => Promise<T>): Promise<T> => {
      const locks = navigator.locks as LockManager | undefined;
      return locks ? ((await locks.request(name, fn)) as T) : fn();
    },
    online,
    visible,
  };
}

const post: Post = (url, headers, body, timeoutMs) =>
  fetch(url, { method: "POST", headers, body, signal: AbortSignal.timeout(timeoutMs), cache: "no-store" });

// fetch tells nothing of an upload's progress. What does it is loaded with the first file.
function put(url: string, file: FileLike, onProgress: (part: number) => void): { done: Promise<string>; cancel(): void } {
  let cancelled = false;
  let cancel = () => {
    cancelled = true;
  };
  const done = import("./put.js").then((loaded) => {
    if (cancelled) throw new Error("cancelled");
    const running = loaded.put(url, file as File, onProgress);
    ({ cancel } = running);
    return running.done;
  });
  return { done, cancel: () => cancel() };
}

const openSocket: OpenSocket = (url, protocol, handlers) => {
  const socket = new WebSocket(url, protocol);
  socket.onopen = () => handlers.onOpen();
  socket.onmessage = (event) => handlers.onText(String(event.data));
  socket.onclose = (event) => handlers.onClose(event.code);
  return {
    send: (text) => {
      if (socket.readyState === WebSocket.OPEN) socket.send(text);
    },
    close: () => socket.close(),
  };
};

function whisper(name: string): Whisper {
  const channel = typeof BroadcastChannel === "undefined" ? undefined : new BroadcastChannel(name);
  return {
    say: () => channel?.postMessage(""),
    onHear: (fn) => channel?.addEventListener("message", fn),
  };
}

// Storage can be forbidden or full; what it keeps is convenience, never the truth.
export function browserStorage(): TextStorage {
  const quietly = <T>(work: () => T, otherwise: T): T => {
    try {
      return work();
    } catch {
      return otherwise;
    }
  };
  return {
    get: (key) => quietly(() => localStorage.getItem(key), null),
    set: (key, value) => quietly(() => localStorage.setItem(key, value), undefined),
    remove: (key) => quietly(() => localStorage.removeItem(key), undefined),
  };
}

function memoryStorage(): TextStorage {
  const texts = new Map<string, string>();
  return {
    get: (key) => texts.get(key) ?? null,
    set: (key, value) => void texts.set(key, value),
    remove: (key) => void texts.delete(key),
  };
}
