import { computed, signal } from "@preact/signals";

/** The pages of the console, by what their address says. */
export type Route =
  | { name: "inbox"; conversation: string }
  | { name: "leads" }
  | { name: "lead"; id: string }
  | { name: "callbacks" }
  | { name: "connectors" }
  | { name: "login" }
  | { name: "nowhere" };

const path = signal(location.pathname);

addEventListener("popstate", () => (path.value = location.pathname));

export const route = computed(() => parse(path.value));

export function go(to: string, replace = false): void {
  if (to === path.value) return;
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
  callbacks: "/settings/callbacks",
  connectors: "/settings/connectors",
  login: "/login",
};

function parse(pathname: string): Route {
  const [first = "", second = "", ...rest] = pathname.split("/").filter((part) => part !== "");
  if (rest.length > 0) return { name: "nowhere" };
  if (first === "") return { name: "inbox", conversation: "" };
  if (first === "c" && second !== "") return { name: "inbox", conversation: second };
  if (first === "leads") return second === "" ? { name: "leads" } : { name: "lead", id: second };
  if (first === "settings" && (second === "callbacks" || second === "connectors")) return { name: second };
  if (first === "login" && second === "") return { name: "login" };
  return { name: "nowhere" };
}
