import type { RecordStore } from "../core/env.js";

const databaseName = "converse";
const storeName = "records";

// One database for all record stores: the store's name is the first part of the key.
function open(): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(databaseName, 1);
    request.onupgradeneeded = () => request.result.createObjectStore(storeName);
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error("the browser keeps no records"));
  });
}

/** Records that end with the page. */
export function memoryRecords<T>(): RecordStore<T> {
  const records = new Map<string, T>();
  return {
    list: () => Promise.resolve([...records.values()]),
    put: (key, record) => Promise.resolve(void records.set(key, record)),
    remove: (key) => Promise.resolve(void records.delete(key)),
  };
}

/** Records in IndexedDB, or in memory where the browser gives none (private windows). */
export function browserRecords<T>(name: string): RecordStore<T> {
  const database = open().catch(() => undefined);
  const memory = memoryRecords<T>();

  async function run<R>(mode: IDBTransactionMode, work: (store: IDBObjectStore) => IDBRequest<R>): Promise<R | undefined> {
    const db = await database;
    if (!db) return undefined;
    return new Promise((resolve, reject) => {
      const transaction = db.transaction(storeName, mode);
      const request = work(transaction.objectStore(storeName));
      transaction.oncomplete = () => resolve(request.result);
      transaction.onabort = () => reject(transaction.error ?? new Error("the browser did not keep the record"));
    });
  }

  return {
    async list() {
      if (!(await database)) return memory.list();
      const range = IDBKeyRange.bound([name], [name, []]);
      return ((await run("readonly", (store) => store.getAll(range))) ?? []) as T[];
    },
    async put(key, record) {
      if (await database) await run("readwrite", (store) => store.put(record, [name, key]));
      else await memory.put(key, record);
    },
    async remove(key) {
      await memory.remove(key);
      await run("readwrite", (store) => store.delete([name, key]));
    },
  };
}
