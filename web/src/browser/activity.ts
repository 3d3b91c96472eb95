/** Calls fn when the user touches the page: presence follows it. */
export function onActivity(fn: () => void): () => void {
  const events = ["pointerdown", "keydown", "wheel", "focus"] as const;
  for (const name of events) addEventListener(name, fn, { capture: true, passive: true });
  return () => {
    for (const name of events) removeEventListener(name, fn, { capture: true });
  };
}
