import type { LucideIcon } from "lucide-preact";
import type { ComponentChildren } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { Icon } from "./Icon.js";

export interface MenuItem {
  label: string;
  icon: LucideIcon;
  /** A key that does the same. */
  hint?: string;
  href?: string;
  onSelect(): void;
}

/** A list of actions, moved through with the arrow keys. Lives in a popover of role menu. */
export function Menu({ items, children }: { items: readonly MenuItem[]; children?: ComponentChildren }) {
  const list = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => list.current?.querySelector<HTMLElement>("[role=menuitem]")?.focus(), []);
  const move = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const all = [...(list.current?.querySelectorAll<HTMLElement>("[role=menuitem]") ?? [])];
    if (step === undefined || all.length === 0) return;
    event.preventDefault();
    const root = list.current?.getRootNode() as Document | ShadowRoot;
    const at = all.indexOf(root.activeElement as HTMLElement);
    all[(at + step + all.length) % all.length]?.focus();
  };
  return (
    <div ref={list} class="menu" onKeyDown={move}>
      {children}
      {items.map((item) => (
        <button key={item.label} type="button" role="menuitem" class="menu-item" tabIndex={-1} onClick={item.onSelect}>
          <Icon of={item.icon} />
          <span class="grow">{item.label}</span>
          {item.hint && <kbd>{item.hint}</kbd>}
        </button>
      ))}
    </div>
  );
}
