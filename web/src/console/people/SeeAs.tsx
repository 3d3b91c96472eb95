import { useEffect, useState } from "preact/hooks";
import type { Desk } from "../../core/desk.js";
import type { AccessJson, AccessPreviewJson } from "../../gen/converse/v1/permission_pb.js";
import { number } from "../../ui/format.js";
import { s } from "../../ui/strings.js";
import { DataTable } from "../DataTable.js";
import { useLoad } from "../useLoad.js";
import { example } from "./example.js";
import { p } from "./strings.js";
import { fromDraft, scopeRights, type Draft } from "./template.js";

/** How long to wait after a change before asking: one asks about what stands, not about each click. */
const restMs = 300;

/** What a template, as it stands in the editor, makes of those it touches. */
export function SeeAs({ desk, draft, id }: { desk: Desk; draft: Draft; id: string }) {
  const now = JSON.stringify(fromDraft(draft, id));
  const [asked, setAsked] = useState(now);
  useEffect(() => {
    const timer = setTimeout(() => setAsked(now), restMs);
    return () => clearTimeout(timer);
  }, [now]);
  const { data } = useLoad(() => desk.call("AdminService/PreviewPermissionTemplate", { template: JSON.parse(asked) }), [desk, asked]);
  const users = data?.users ?? [];
  return (
    <section class="form-section" data-testid="see-as">
      <h2>{p.seeAs.title}</h2>
      <p class="quiet">{p.seeAs.intro}</p>
      {data && users.length === 0 && <p class="meta">{p.seeAs.nobody}</p>}
      {users.length > 0 && (
        <DataTable
          label={p.seeAs.title}
          rows={users}
          keyOf={(user) => user.userId ?? ""}
          columns={[
            {
              key: "name",
              label: p.seeAs.user,
              sort: (user) => user.name ?? "",
              cell: (user) => (
                <span class="people-names">
                  <span class="people-name clip">{user.name}</span>
                  <span class="meta clip">{s.role(user.role ?? "")}</span>
                </span>
              ),
            },
            ...scopeRights.map((right) => ({
              key: right,
              label: p.template[right],
              class: right === "view" ? "" : "wide",
              cell: (user: AccessPreviewJson) => <Change before={user.before?.[right]} after={user.after?.[right]} />,
            })),
            { key: "phone", label: p.seeAs.phone, class: "num tight", cell: (user) => phoneFor(user.after) },
          ]}
        />
      )}
      {(data?.total ?? 0) > users.length && <p class="meta num">{p.seeAs.more(users.length, number(data?.total ?? 0))}</p>}
    </section>
  );
}

function Change({ before = "", after = "" }: { before?: string | undefined; after?: string | undefined }) {
  return (
    <span class="people-names">
      <span>{p.shortScope(after)}</span>
      {before !== after && <span class="meta">{p.seeAs.was(p.shortScope(before))}</span>}
    </span>
  );
}

function phoneFor(access: AccessJson | undefined): string {
  return example("phone", (access?.masks ?? []).find((mask) => mask.field === "phone")?.mask ?? "");
}
