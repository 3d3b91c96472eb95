import { UserPlus } from "lucide-preact";
import { useState } from "preact/hooks";
import type { MemberJson } from "../../gen/converse/v1/people_pb.js";
import { Avatar } from "../../ui/Avatar.js";
import { fullTime, pastTime } from "../../ui/format.js";
import { Icon } from "../../ui/Icon.js";
import { Segmented } from "../../ui/Segmented.js";
import { s } from "../../ui/strings.js";
import { DataTable, type Column } from "../DataTable.js";
import { go, paths } from "../router.js";
import { PageBody } from "../settings/PageBody.js";
import type { SettingsPageProps } from "../settings/pages.js";
import { useLoad } from "../useLoad.js";
import { InviteDialog } from "./InviteDialog.js";
import "./people.css";
import { p } from "./strings.js";
import { UserPage } from "./UserPage.js";

/** The users, or one of them. */
export function UsersPage({ desk, id }: SettingsPageProps) {
  return id ? <UserPage desk={desk} id={id} /> : <UserList desk={desk} id="" />;
}

type Shown = "all" | "active" | "invited" | "deactivated";

function UserList({ desk }: SettingsPageProps) {
  const { data, fault, reload } = useLoad(
    () =>
      Promise.all([desk.call("AdminService/ListUsers", {}), desk.call("AdminService/ListGroups", {})]).then(([users, groups]) => ({
        users: users.users ?? [],
        groups: groups.groups ?? [],
      })),
    [desk],
  );
  const [inviting, setInviting] = useState(false);
  const [query, setQuery] = useState("");
  const [state, setState] = useState<Shown>("all");
  const wanted = query.trim().toLowerCase();
  const users = data?.users ?? [];
  const rows = users.filter(
    (user) => (state === "all" || user.state === state) && `${user.name} ${user.email} ${s.role(user.role ?? "")}`.toLowerCase().includes(wanted),
  );
  const groupNames = new Map((data?.groups ?? []).map((group) => [group.id ?? "", group.name ?? ""]));
  const count = (one: string) => users.filter((user) => user.state === one).length;
  return (
    <PageBody
      title={p.users}
      intro={desk.rights.administers ? p.usersPage.intro : p.usersPage.managerIntro}
      fault={fault}
      onRetry={reload}
      loading={!data}
      actions={
        <button type="button" class="btn primary" onClick={() => setInviting(true)} data-testid="invite-user">
          <Icon of={UserPlus} />
          {p.usersPage.invite}
        </button>
      }
    >
      <div class="people-filter">
        <Segmented<Shown>
          label={p.usersPage.state}
          value={state}
          onChange={(next) => setState(next)}
          options={[
            { value: "all", label: p.usersPage.all },
            { value: "active", label: p.state("active") },
            { value: "invited", label: p.state("invited"), count: count("invited") },
            { value: "deactivated", label: p.state("deactivated") },
          ]}
        />
        <input
          class="field people-search"
          type="search"
          aria-label={p.usersPage.search}
          placeholder={p.usersPage.search}
          value={query}
          onInput={(event) => setQuery(event.currentTarget.value)}
        />
      </div>
      {rows.length === 0 ? (
        <p class="quiet">{p.usersPage.nobody}</p>
      ) : (
        <DataTable
          label={p.users}
          columns={columns(groupNames, desk.user.id)}
          rows={rows}
          keyOf={(user) => user.id ?? ""}
          onOpen={(user) => go(paths.settings("users", user.id))}
          testId="users"
        />
      )}
      {inviting && (
        <InviteDialog
          desk={desk}
          groups={data?.groups ?? []}
          onClose={(invited) => {
            setInviting(false);
            if (invited) reload();
          }}
        />
      )}
    </PageBody>
  );
}

function columns(groups: ReadonlyMap<string, string>, me: string): Column<MemberJson>[] {
  const now = Date.now();
  const names = (user: MemberJson) => (user.groupIds ?? []).map((id) => groups.get(id)).filter(Boolean).join(", ");
  const seen = (user: MemberJson) => (user.lastSeenAt ? Date.parse(user.lastSeenAt) : 0);
  return [
    {
      key: "name",
      label: p.usersPage.name,
      sort: (user) => user.name ?? "",
      cell: (user) => (
        <span class="people-who">
          <Avatar name={user.name ?? ""} id={user.id ?? ""} size="small" />
          <span class="people-names">
            <a class="clip people-name" href={paths.settings("users", user.id)}>
              {user.name}
            </a>
            <span class="meta clip">
              {user.email}
              {user.id === me && ` (${p.you})`}
            </span>
          </span>
        </span>
      ),
    },
    { key: "role", label: p.usersPage.role, class: "tight", sort: (user) => s.role(user.role ?? ""), cell: (user) => s.role(user.role ?? "") },
    { key: "state", label: p.usersPage.state, sort: (user) => user.state ?? "", cell: (user) => <State user={user} /> },
    {
      key: "factor",
      label: p.usersPage.factor,
      class: "wide tight",
      sort: (user) => (user.secondFactor ? 1 : 0),
      cell: (user) => (user.secondFactor ? p.usersPage.on : <span class="quiet">{p.usersPage.off}</span>),
    },
    { key: "groups", label: p.usersPage.groups, class: "wide", sort: names, cell: (user) => names(user) || <span class="quiet">{p.none}</span> },
    {
      key: "seen",
      label: p.usersPage.lastSeen,
      class: "wide tight num",
      sort: seen,
      cell: (user) =>
        seen(user) ? (
          <time dateTime={user.lastSeenAt} title={fullTime(seen(user))}>
            {pastTime(seen(user), now)}
          </time>
        ) : (
          <span class="quiet">{p.never}</span>
        ),
    },
  ];
}

/** Where a user stands, with how long an invitation works. */
export function State({ user }: { user: MemberJson }) {
  const tint = { invited: "tag-amber", active: "tag-accent", deactivated: "" }[user.state ?? ""] ?? "";
  const until = user.linkExpiresAt ? Date.parse(user.linkExpiresAt) : 0;
  const note = user.state !== "invited" ? "" : until > Date.now() ? p.usersPage.until(fullTime(until)) : p.usersPage.expired;
  return (
    <span class={`tag ${tint}`} title={note || undefined}>
      {p.state(user.state ?? "")}
    </span>
  );
}
