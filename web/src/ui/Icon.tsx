import type { LucideIcon } from "lucide-preact";

export interface IconProps {
  of: LucideIcon;
  size?: 16 | 20 | 24;
  /** A name for screen readers; without it the icon is hidden beside its label. */
  label?: string;
}

export function Icon({ of: Shape, size = 16, label }: IconProps) {
  const named = label ? ({ role: "img", "aria-label": label } as const) : ({ "aria-hidden": true } as const);
  return <Shape size={size} strokeWidth={1.75} {...named} />;
}
