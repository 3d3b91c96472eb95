import type { LucideIcon } from "lucide-preact";
import type { RefObject } from "preact";
import { Icon } from "./Icon.js";

export interface IconButtonProps {
  icon: LucideIcon;
  label: string;
  onClick(): void;
  size?: 16 | 20;
  expanded?: boolean;
  pressed?: boolean;
  disabled?: boolean;
  class?: string;
  anchor?: RefObject<HTMLButtonElement>;
  testId?: string;
}

export function IconButton(props: IconButtonProps) {
  return (
    <button
      ref={props.anchor ?? null}
      type="button"
      class={`icon-btn ${props.class ?? ""}`}
      aria-label={props.label}
      title={props.label}
      aria-expanded={props.expanded}
      aria-haspopup={props.expanded === undefined ? undefined : "dialog"}
      aria-pressed={props.pressed}
      disabled={props.disabled}
      data-testid={props.testId}
      onClick={props.onClick}
    >
      <Icon of={props.icon} size={props.size ?? 20} />
    </button>
  );
}
