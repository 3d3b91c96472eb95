import { CodeXml, Database, Plug, ScrollText, Webhook, type LucideIcon } from "lucide-preact";
import type { ComponentType } from "preact";
import type { Desk } from "../../core/desk.js";
import { later } from "../../ui/later.js";
import { s } from "../../ui/strings.js";

/** What a page of the settings is given. */
export interface SettingsPageProps {
  desk: Desk;
  /** What stands behind the page's own word in the address; empty for none. */
  id: string;
}

export interface SettingsPage {
  /** Its word in the address: /settings/users. */
  path: string;
  label: string;
  group: "people" | "leads" | "channels" | "security";
  icon: LucideIcon;
  /** Who finds it in the settings. */
  for: "administrators" | "managers" | "everyone";
  page: ComponentType<SettingsPageProps>;
}

export const groups: Record<SettingsPage["group"], string> = {
  people: "People",
  leads: "Leads",
  channels: "Channels",
  security: "Security and data",
};

/** Every page of the settings, in the order of the navigation. */
export const settingsPages: readonly SettingsPage[] = [
  {
    path: "connectors",
    label: s.console.connectors,
    group: "channels",
    icon: Plug,
    for: "administrators",
    page: later(() => import("../Connectors.js").then((m) => m.Connectors)),
  },
  {
    path: "callbacks",
    label: s.console.callbacks,
    group: "channels",
    icon: Webhook,
    for: "administrators",
    page: later(() => import("../Callbacks.js").then((m) => m.Callbacks)),
  },
  {
    path: "embedding",
    label: "Embedding",
    group: "security",
    icon: CodeXml,
    for: "administrators",
    page: later(() => import("../embedding/Embedding.js").then((m) => m.Embedding)),
  },
  {
    path: "data",
    label: "Data",
    group: "security",
    icon: Database,
    for: "administrators",
    page: later(() => import("../data/Data.js").then((m) => m.Data)),
  },
  {
    path: "audit",
    label: "Audit log",
    group: "security",
    icon: ScrollText,
    for: "administrators",
    page: later(() => import("../audit/AuditLog.js").then((m) => m.AuditLog)),
  },
];

/** The pages that a user finds. */
export function settingsFor(desk: Desk): SettingsPage[] {
  const { role } = desk.user;
  return settingsPages.filter(
    (page) =>
      page.for === "everyone" || role === "administrator" || (page.for === "managers" && role === "sales_manager"),
  );
}
