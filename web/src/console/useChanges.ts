import type { ReadonlySignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";

/** Changes that come together are answered once. */
const gatherMs = 200;

/** Does something a moment after a counter of changes rose, while the page is open. */
export function useChanges(changes: ReadonlySignal<number>, then: () => void): void {
  const latest = useRef(then);
  latest.current = then;
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const seen = changes.peek();
    const ignore = changes.subscribe((count) => {
      if (count === seen) return;
      timer ??= setTimeout(() => {
        timer = undefined;
        latest.current();
      }, gatherMs);
    });
    return () => {
      clearTimeout(timer);
      ignore();
    };
  }, [changes]);
}
