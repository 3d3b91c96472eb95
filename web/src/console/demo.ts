import { signal } from "@preact/signals";

export interface DemoLogin {
  email: string;
  password: string;
  role: string;
  name: string;
  /** Fields of leads are hidden from this user. */
  masked?: boolean;
  /** "second" for a user of the second org. */
  org?: string;
}

export interface Demo {
  logins: DemoLogin[];
  sandboxUrl: string;
  /** A page of a customer's own with the widget on it. */
  hostUrl: string;
}

/** What the demo offers; absent on a real server, which has no such file. */
export const demo = signal<Demo | undefined>(undefined);

export async function askForDemo(): Promise<void> {
  try {
    const response = await fetch("/demo.json");
    if (response.ok && response.headers.get("content-type")?.includes("json")) demo.value = (await response.json()) as Demo;
  } catch {
    // No demo, then.
  }
}
