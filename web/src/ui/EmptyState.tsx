import type { LucideIcon } from "lucide-preact";
import type { ComponentChildren } from "preact";
import { Icon } from "./Icon.js";

export interface EmptyStateProps {
  icon: LucideIcon;
  title: string;
  text?: string;
  /** The first step. */
  children?: ComponentChildren;
  /** It is the whole page, so its title is the page's. */
  whole?: boolean;
  testId?: string;
}

/** Says what a place is for, and offers the first step. */
export function EmptyState({ icon, title, text, children, whole, testId }: EmptyStateProps) {
  return (
    <div class="empty" data-testid={testId}>
      <span class="empty-icon">
        <Icon of={icon} size={24} />
      </span>
      {whole ? <h1 class="empty-title">{title}</h1> : <p class="empty-title">{title}</p>}
      {text && <p class="empty-text">{text}</p>}
      {children && <div class="empty-actions">{children}</div>}
    </div>
  );
}
