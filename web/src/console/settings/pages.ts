import { CircleUserRound, CodeXml, Database, KeyRound, LockKeyhole, LogIn, Plug, Route, ScrollText, ShieldCheck, TableProperties, UserCog, UsersRound, Webhook, type LucideIcon } from "lucide-preact";
import type { ComponentType } from "preact";
import type { Desk } from "../../core/desk.js";
import { later } from "../../ui/later.js";
import { s } from "../../ui/strings.js";
import { labels } from "../people/labels.js";
import { words } from "../signin/strings.js";

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
    path: "users",
    label: labels.users,
    group: "people",
    icon: UserCog,
    for: "managers",
    page: later(() => import("../people/UsersPage.js").then((m) => m.UsersPage)),
  },
  {
    path: "groups",
    label: labels.groups,
    group: "people",
    icon: UsersRound,
    for: "administrators",
    page: later(() => import("../people/GroupsPage.js").then((m) => m.GroupsPage)),
  },
  {
    path: "permissions",
    label: labels.permissions,
    group: "people",
    icon: LockKeyhole,
    for: "administrators",
    page: later(() => import("../people/PermissionsPage.js").then((m) => m.PermissionsPage)),
  },
  {
    path: "account",
    label: labels.account,
    group: "people",
    icon: CircleUserRound,
    for: "everyone",
    page: later(() => import("../people/AccountPage.js").then((m) => m.AccountPage)),
  },
  {
    path: "lead-fields",
    label: "Lead fields",
    group: "leads",
    icon: TableProperties,
    for: "administrators",
    page: later(() => import("../leads/FieldsPage.js").then((m) => m.FieldsPage)),
  },
  {
    path: "routing",
    label: "Routing",
    group: "leads",
    icon: Route,
    for: "administrators",
    page: later(() => import("../routing/Routing.js").then((m) => m.Routing)),
  },
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
    path: "second-step",
    label: words.factor.page,
    group: "security",
    icon: ShieldCheck,
    for: "everyone",
    page: later(() => import("../signin/SecondStep.js").then((m) => m.SecondStep)),
  },
  {
    path: "sign-in",
    label: words.security.page,
    group: "security",
    icon: LockKeyhole,
    for: "administrators",
    page: later(() => import("../signin/SecurityPage.js").then((m) => m.SecurityPage)),
  },
  {
    path: "single-sign-on",
    label: words.provider.page,
    group: "security",
    icon: LogIn,
    for: "administrators",
    page: later(() => import("../signin/ProviderPage.js").then((m) => m.ProviderPage)),
  },
  {
    path: "api-keys",
    label: words.keys.page,
    group: "security",
    icon: KeyRound,
    for: "administrators",
    page: later(() => import("../signin/ApiKeysPage.js").then((m) => m.ApiKeysPage)),
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
    path: "security",
    label: labels.security,
    group: "security",
    icon: KeyRound,
    for: "administrators",
    page: later(() => import("../people/SecurityPage.js").then((m) => m.SecurityPage)),
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
