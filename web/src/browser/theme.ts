import { effect, signal } from "@preact/signals";

export type Theme = "system" | "light" | "dark";

const key = "converse:theme";

function stored(): Theme {
  try {
    const value = localStorage.getItem(key);
    return value === "light" || value === "dark" ? value : "system";
  } catch {
    return "system";
  }
}

/** The user's choice, the same on every page of this browser. */
export const theme = signal<Theme>(stored());

addEventListener("storage", (event) => {
  if (event.key === key) theme.value = stored();
});

export function setTheme(value: Theme): void {
  theme.value = value;
  try {
    localStorage.setItem(key, value);
  } catch {
    // The choice lasts as long as the page.
  }
}

/** Keeps an element in the chosen theme, or in another one while that says so. */
export function followTheme(element: HTMLElement, another: () => Theme | undefined = () => undefined): () => void {
  return effect(() => {
    const chosen = another() ?? theme.value;
    if (chosen === "system") element.removeAttribute("data-theme");
    else element.dataset.theme = chosen;
  });
}
