import type { ComponentChildren, RefObject } from "preact";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import { place } from "./position.js";

export interface PopoverProps {
  anchor: RefObject<HTMLElement>;
  label: string;
  onClose(): void;
  /** Which edge of the anchor it lines up with. */
  align?: "start" | "end";
  role?: "dialog" | "menu" | "listbox";
  class?: string;
  children: ComponentChildren;
  testId?: string;
}

/**
 * A panel over everything, beside its anchor. It takes the focus, closes with Esc
 * or a press outside, and gives the focus back to where it came from.
 */
export function Popover(props: PopoverProps) {
  const { anchor, onClose, align = "start", role = "dialog" } = props;
  const panel = useRef<HTMLDivElement>(null);
  const close = useRef(onClose);
  close.current = onClose;

  useLayoutEffect(() => {
    const element = panel.current;
    if (!element) return undefined;
    element.showPopover();
    const put = () => {
      const from = anchor.current?.getBoundingClientRect();
      if (!from) return;
      const rtl = getComputedStyle(element).direction === "rtl";
      const screen = { width: document.documentElement.clientWidth, height: innerHeight };
      const { left, top } = place(from, element.getBoundingClientRect(), screen, (align === "end") !== rtl);
      element.style.left = `${left}px`;
      element.style.top = `${top}px`;
    };
    put();
    const observer = new ResizeObserver(put);
    observer.observe(element);
    addEventListener("resize", put);
    (element.querySelector<HTMLElement>("[data-autofocus]") ?? element).focus({ preventScroll: true });
    return () => {
      observer.disconnect();
      removeEventListener("resize", put);
      // Only when the focus was inside: a press elsewhere has moved it on purpose.
      const root = element.getRootNode() as Document | ShadowRoot;
      if (element.contains(root.activeElement)) anchor.current?.focus({ preventScroll: true });
    };
  }, [anchor, align]);

  useEffect(() => {
    const outside = (event: PointerEvent) => {
      const path = event.composedPath();
      if (panel.current && !path.includes(panel.current) && !(anchor.current && path.includes(anchor.current))) close.current();
    };
    document.addEventListener("pointerdown", outside, true);
    return () => document.removeEventListener("pointerdown", outside, true);
  }, [anchor]);

  return (
    <div
      ref={panel}
      popover="manual"
      class={`popover ${props.class ?? ""}`}
      role={role}
      aria-label={props.label}
      tabIndex={-1}
      data-testid={props.testId}
      onKeyDown={(event) => {
        if (event.key !== "Escape") return;
        event.stopPropagation();
        event.preventDefault();
        onClose();
      }}
    >
      {props.children}
    </div>
  );
}
