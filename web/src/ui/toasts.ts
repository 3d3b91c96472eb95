import { createContext } from "preact";
import { useEffect, useMemo } from "preact/hooks";
import { signal, type ReadonlySignal } from "@preact/signals";
import type { ApiError } from "../core/error.js";
import type { Desk } from "../core/desk.js";
import { s } from "./strings.js";

export interface Toast {
  text: string;
  /** Errors stay until they are closed. */
  error?: boolean;
  /** What to quote to the operator. */
  reference?: string;
  action?: { label: string; run(): void };
  /** How long it stays, in milliseconds; 5 seconds without. */
  lifeMs?: number;
  /** It names nobody, and may stay when what the user sees changes. */
  namesNobody?: true;
}

const lifeMs = 5_000;

/** One note at a time; a new one takes the place of the one before. */
export class Toasts {
  private readonly shown = signal<Toast | undefined>(undefined);
  private timer: ReturnType<typeof setTimeout> | undefined;

  get current(): ReadonlySignal<Toast | undefined> {
    return this.shown;
  }

  show(toast: Toast): void {
    clearTimeout(this.timer);
    this.shown.value = toast;
    if (!toast.error) this.timer = setTimeout(() => this.close(), toast.lifeMs ?? lifeMs);
  }

  fail(error: ApiError): void {
    this.show({ text: errorText(error), error: true, reference: error.reference });
  }

  close(): void {
    clearTimeout(this.timer);
    this.shown.value = undefined;
  }

  /** Closes what may name somebody whom the user does not see any more. */
  forget(): void {
    if (!this.shown.peek()?.namesNobody) this.close();
  }
}

/** The notes of a page. When a user's desk goes, so does a note that may name one of its leads. */
export function useToasts(desk: Desk | undefined): Toasts {
  const toasts = useMemo(() => new Toasts(), []);
  useEffect(() => desk && (() => toasts.forget()), [desk]);
  return toasts;
}

/** What to say about an error: the server's sentence, or ours when there was no answer. */
export function errorText(error: ApiError): string {
  if (error.code === "network" || error.code === "token" || error.code === "canceled") return s.noAnswer;
  return error.message || s.somethingWrong;
}

export const ToastContext = createContext(new Toasts());
