import type { Call, Fault, Handset, Media, Row, Setup, Switches, Webhook, Writing } from "./types";

/** An answer other than 2xx, in the sandbox's words. */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    message: string,
    readonly field?: string,
  ) {
    super(message);
  }
}

async function ask<T>(method: string, path: string, body?: unknown): Promise<T> {
  const init: RequestInit = { method };
  if (body !== undefined) {
    init.body = JSON.stringify(body);
    init.headers = { "Content-Type": "application/json" };
  }
  return read<T>(await fetch(path, init));
}

async function read<T>(response: Response): Promise<T> {
  const data: unknown = await response.json().catch(() => ({}));
  if (response.ok) return data as T;
  const { error, field } = data as { error?: string; field?: string };
  throw new ApiError(response.status, error ?? `The sandbox answered ${response.status}.`, field);
}

const handset = (id: string) => `/handset/api/handsets/${encodeURIComponent(id)}`;

export const api = {
  setup: () => ask<Setup>("GET", "/handset/api/setup"),
  rows: (search: string, limit: number) =>
    ask<{ handsets: Row[] }>("GET", `/handset/api/handsets?limit=${limit}&search=${encodeURIComponent(search)}`),
  handset: (id: string, since: number) => ask<Handset>("GET", `${handset(id)}?since=${since}`),
  create: (lead: { phone?: string; name?: string; whatsappId?: string; hidePhone?: boolean }) =>
    ask<Handset>("POST", "/handset/api/handsets", lead),
  turn: (id: string, switches: Switches) => ask<Handset>("PATCH", handset(id), switches),
  open: (id: string, viewer: string, thread: string) => ask<object>("POST", `${handset(id)}/open`, { viewer, thread }),
  write: (id: string, writing: Writing) => ask<{ id: string }>("POST", `${handset(id)}/messages`, writing),
  upload: async (file: Blob, name: string) =>
    read<Media & { id: string }>(
      await fetch(`/handset/api/media?name=${encodeURIComponent(name)}`, {
        method: "POST",
        body: file,
        headers: { "Content-Type": file.type || "application/octet-stream" },
      }),
    ),
  expireWindow: (to: string, from: string) => ask<object>("POST", "/control/expire-window", { to, from }),
  faults: () => ask<{ faults: Fault[] }>("GET", "/control/faults"),
  setFault: (fault: Fault) => ask<{ faults: Fault[] }>("PUT", "/control/faults", fault),
  calm: () => ask<{ faults: Fault[] }>("DELETE", "/control/faults"),
  calls: () => ask<{ calls: Call[] }>("GET", "/control/journal?limit=60"),
  webhooks: () => ask<{ webhooks: Webhook[]; total: number; outstanding: number }>("GET", "/control/webhooks?limit=60"),
};

export const mediaLink = (id: string) => `/handset/api/media/${encodeURIComponent(id)}`;
