/** Forms with unsaved changes on the page. */
let guards = 0;

/** Whether leaving the page would lose something. */
export function guarded(): boolean {
  return guards > 0;
}

function ask(event: BeforeUnloadEvent): void {
  event.preventDefault();
}

/** Has leaving the page asked about until what it returns is called. */
export function guard(): () => void {
  if (guards++ === 0) addEventListener("beforeunload", ask);
  let over = false;
  return () => {
    if (over) return;
    over = true;
    if (--guards === 0) removeEventListener("beforeunload", ask);
  };
}
