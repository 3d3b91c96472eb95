import type { ComponentChildren } from "preact";

export interface AvatarProps {
  name: string;
  /** What the tint is made from, so that a person keeps it when the name changes. */
  id: string;
  size?: "small" | "medium" | "large";
  /** A mark at the corner. */
  children?: ComponentChildren;
}

const tints = 6;

/** Initials on a tint of their own. Decoration beside a name, so hidden. */
export function Avatar({ name, id, size = "medium", children }: AvatarProps) {
  return (
    <span class={`avatar avatar-${size} tint-${tintOf(id)}`} data-initials={initials(name)} aria-hidden="true">
      {children && <span class="avatar-mark">{children}</span>}
    </span>
  );
}

function initials(name: string): string {
  const words = name.trim().split(/\s+/).filter((word) => /^\p{L}/u.test(word));
  const first = Array.from(words[0] ?? "")[0];
  if (!first) return "#";
  const last = words.length > 1 ? (Array.from(words.at(-1) ?? "")[0] ?? "") : "";
  return (first + last).toLocaleUpperCase();
}

function tintOf(id: string): number {
  let hash = 0;
  for (let i = 0; i < id.length; i++) hash = (hash * 31 + id.charCodeAt(i)) >>> 0;
  return hash % tints;
}
