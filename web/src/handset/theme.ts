import { signal } from "@preact/signals";

export type Theme = "system" | "light" | "dark";

const key = "converse.handset.theme";
const stored = localStorage.getItem(key);
export const theme = signal<Theme>(stored === "light" || stored === "dark" ? stored : "system");

export function applyTheme(): void {
  if (theme.value === "system") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme.value;
}

/** Goes from the system's theme to light, to dark, and back. */
export function nextTheme(): void {
  theme.value = theme.value === "system" ? "light" : theme.value === "light" ? "dark" : "system";
  if (theme.value === "system") localStorage.removeItem(key);
  else localStorage.setItem(key, theme.value);
  applyTheme();
}
