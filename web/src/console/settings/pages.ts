import { CircleUserRound, CodeXml, Database, KeyRound, LayoutTemplate, LockKeyhole, LogIn, Merge, Plug, Route, ScrollText, TableProperties, UserCog, UsersRound, Webhook, type LucideIcon } from "lucide-preact";
import type { ComponentType } from "preact";
import type { Desk } from "../../core/desk.js";
import { later } from "../../ui/later.js";
import { m } from "../merge/strings.js";
import { labels } from "../people/labels.js";
import { words } from "../signin/strings.js";
import { c } from "../strings.js";
import { t } from "../templates/strings.js";

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
  group: "people" | "leads" | "channels" | "security" | "you";
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
  you: "You",
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
    path: "merging",
    label: m.settings.title,
    group: "leads",
    icon: Merge,
    for: "administrators",
    page: later(() => import("../merge/MergeSettings.js").then((module) => module.MergeSettings)),
  },
  {
    path: "connectors",
    label: c.console.connectors,
    group: "channels",
    icon: Plug,
    for: "administrators",
    page: later(() => import("../connectors/ConnectorsPage.js").then((m) => m.ConnectorsPage)),
  },
  {
    path: "templates",
    label: t.title,
    group: "channels",
    icon: LayoutTemplate,
    for: "administrators",
    page: later(() => import("../templates/TemplatesPage.js").then((m) => m.TemplatesPage)),
  },
  {
    path: "callbacks",
    label: c.console.callbacks,
    group: "channels",
    icon: Webhook,
    for: "administrators",
    page: later(() => import("../Callbacks.js").then((m) => m.Callbacks)),
  },
  {
    path: "sign-in",
    label: words.page.title,
    group: "security",
    icon: LogIn,
    for: "administrators",
    page: later(() => import("../signin/SignInPage.js").then((m) => m.SignInPage)),
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
  {
    path: "my-sign-in",
    label: labels.account,
    group: "you",
    icon: CircleUserRound,
    for: "everyone",
    page: later(() => import("../people/MySignIn.js").then((m) => m.MySignIn)),
  },
];

/** Where pages went whose addresses may still be in use. */
export const moved: Readonly<Record<string, string>> = {
  account: "my-sign-in",
  "second-step": "my-sign-in",
  security: "sign-in",
  "single-sign-on": "sign-in/single-sign-on",
};

/** The pages that a user finds. */
export function settingsFor(desk: Desk): SettingsPage[] {
  const { administers, managesPeople } = desk.rights;
  return settingsPages.filter((page) => page.for === "everyone" || administers || (page.for === "managers" && managesPeople));
}
