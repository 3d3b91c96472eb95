import { computed, signal } from "@preact/signals";
import { guarded } from "../ui/form/guard.js";

/** The pages of the console, by what their address says. */
export type Route =
  | { name: "inbox"; conversation: string }
  | { name: "leads" }
  | { name: "lead"; id: string }
  | { name: "import"; id: string }
  | { name: "settings"; path: string; id: string }
  | { name: "login" }
  | { name: "welcome" }
  | { name: "nowhere" };

const path = signal(location.pathname);

/** Where the user was about to go when a form with unsaved changes held them. */
export const leaving = signal<string | undefined>(undefined);

addEventListener("popstate", () => {
  const to = location.pathname;
  if (to === path.value) return;
  if (!guarded()) return void (path.value = to);
  history.pushState(null, "", path.value);
  leaving.value = to;
});

export const route = computed(() => parse(path.value));

/** Goes to a page of ours. Where that would lose what was typed, the user is asked first. */
export function go(to: string, replace = false): void {
  if (to === path.value) return;
  if (guarded() && !replace) leaving.value = to;
  else turn(to, replace);
}

/** Goes where the user was about to go, whatever is lost. */
export function leave(): void {
  const to = leaving.value;
  leaving.value = undefined;
  if (to !== undefined) turn(to, false);
}

function turn(to: string, replace: boolean): void {
  if (replace) history.replaceState(null, "", to);
  else history.pushState(null, "", to);
  path.value = to;
}

/** Follows links to our own pages without loading the page again. */
export function followLinks(): void {
  document.addEventListener("click", (event) => {
    const link = event.composedPath().find((node): node is HTMLAnchorElement => node instanceof HTMLAnchorElement);
    if (!link || event.defaultPrevented || event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    if (link.target !== "" || link.origin !== location.origin || parse(link.pathname).name === "nowhere") return;
    event.preventDefault();
    go(link.pathname);
  });
}

export const paths = {
  inbox: "/",
  conversation: (id: string) => `/c/${id}`,
  leads: "/leads",
  lead: (id: string) => `/leads/${id}`,
  import: (id = "") => (id === "" ? "/leads/import" : `/leads/import/${id}`),
  settings: (path: string, id = "") => (id === "" ? `/settings/${path}` : `/settings/${path}/${id}`),
  login: "/login",
};

function parse(pathname: string): Route {
  const [first = "", second = "", ...rest] = pathname.split("/").filter((part) => part !== "");
  if (first === "settings" && second !== "" && rest.length <= 1) return { name: "settings", path: second, id: rest[0] ?? "" };
  if (first === "leads" && second === "import" && rest.length <= 1) return { name: "import", id: rest[0] ?? "" };
  if (rest.length > 0) return { name: "nowhere" };
  if (first === "") return { name: "inbox", conversation: "" };
  if (first === "c" && second !== "") return { name: "inbox", conversation: second };
  if (first === "leads") return second === "" ? { name: "leads" } : { name: "lead", id: second };
  if ((first === "login" || first === "welcome") && second === "") return { name: first };
  return { name: "nowhere" };
}
