import type { RefObject } from "preact";
import { useLayoutEffect } from "preact/hooks";

const lines = 8;
const lineHeight = 22;

/** Lets a text area grow with its text, up to eight lines. */
export function useAutosize(input: RefObject<HTMLTextAreaElement>, text: string): void {
  useLayoutEffect(() => {
    const element = input.current;
    if (!element) return;
    element.style.height = "auto";
    element.style.height = `${Math.min(element.scrollHeight, lines * lineHeight + 16)}px`;
  }, [text]);
}

/** Whether a key sends: Enter alone, and not the one that ends a composition (229 in some browsers). */
export function sends(event: KeyboardEvent): boolean {
  return event.key === "Enter" && !event.shiftKey && !event.altKey && !event.isComposing && event.keyCode !== 229;
}
