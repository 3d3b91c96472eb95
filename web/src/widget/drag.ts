import type { Corner } from "./state.js";

const threshold = 6;

/**
 * Lets an element be dragged to a corner of the screen. A press that does not move
 * stays a click; the arrow keys do the same.
 */
export function draggable(element: HTMLElement, corner: () => Corner, onCorner: (corner: Corner) => void): () => void {
  let from: { x: number; y: number } | undefined;
  let moved = false;

  const down = (event: PointerEvent) => {
    if (event.button !== 0) return;
    from = { x: event.clientX, y: event.clientY };
    moved = false;
    element.setPointerCapture(event.pointerId);
  };
  const move = (event: PointerEvent) => {
    if (!from) return;
    const x = event.clientX - from.x;
    const y = event.clientY - from.y;
    moved ||= Math.hypot(x, y) > threshold;
    if (moved) element.style.translate = `${x}px ${y}px`;
  };
  const up = (event: PointerEvent) => {
    if (!from) return;
    from = undefined;
    element.style.translate = "";
    if (moved) onCorner(nearest(event.clientX, event.clientY, isRtl(element)));
  };
  const click = (event: MouseEvent) => {
    if (!moved) return;
    moved = false;
    event.stopImmediatePropagation();
    event.preventDefault();
  };
  const key = (event: KeyboardEvent) => {
    const now = corner();
    const toward = isRtl(element) ? { ArrowLeft: "end", ArrowRight: "start" } : { ArrowLeft: "start", ArrowRight: "end" };
    const inline = toward[event.key as keyof typeof toward] as Corner["inline"] | undefined;
    const block = ({ ArrowUp: "start", ArrowDown: "end" } as const)[event.key as "ArrowUp" | "ArrowDown"] as Corner["block"] | undefined;
    if (event.altKey || (!inline && !block)) return;
    event.preventDefault();
    onCorner({ block: block ?? now.block, inline: inline ?? now.inline });
  };

  const cancel = () => {
    from = undefined;
    element.style.translate = "";
  };
  element.addEventListener("pointerdown", down);
  element.addEventListener("pointermove", move);
  element.addEventListener("pointerup", up);
  element.addEventListener("pointercancel", cancel);
  element.addEventListener("click", click, { capture: true });
  element.addEventListener("keydown", key);
  return () => {
    element.removeEventListener("pointerdown", down);
    element.removeEventListener("pointermove", move);
    element.removeEventListener("pointerup", up);
    element.removeEventListener("pointercancel", cancel);
    element.removeEventListener("click", click, { capture: true });
    element.removeEventListener("keydown", key);
  };
}

function nearest(x: number, y: number, rtl: boolean): Corner {
  const left = x < innerWidth / 2;
  return { block: y < innerHeight / 2 ? "start" : "end", inline: left !== rtl ? "start" : "end" };
}

function isRtl(element: HTMLElement): boolean {
  return getComputedStyle(element).direction === "rtl";
}
