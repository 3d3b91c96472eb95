import type { LucideIcon } from "lucide-preact";
import type { Desk } from "../../core/desk.js";
import { toTime } from "../../core/frompb.js";
import type { LeadFieldJson } from "../../gen/converse/v1/lead_pb.js";
import type { LeadJson } from "../../gen/converse/v1/types_pb.js";
import { Avatar } from "../../ui/Avatar.js";
import { pastTime } from "../../ui/format.js";
import { Icon } from "../../ui/Icon.js";
import { Phone } from "../../ui/Phone.js";
import { s } from "../../ui/strings.js";
import { go, paths } from "../router.js";
import { nameOf, valueOf } from "./fields.js";
import { l } from "./strings.js";
import { c } from "../strings.js";

interface Order {
  sort: string;
  descending: boolean;
}

export interface LeadTableProps {
  desk: Desk;
  leads: readonly LeadJson[];
  columns: readonly LeadFieldJson[];
  /** Absent while searching, when the best come first. */
  order: Order | undefined;
  icons: { up: LucideIcon; down: LucideIcon };
  onOrder(order: Order): void;
  chosen: ReadonlySet<string>;
  onChoose(chosen: ReadonlySet<string>): void;
  onMore?: () => void;
}

const sortable = new Set(["first_name", "last_name", "stage", "source", "created_at", "modified_at"]);

/** A page of leads that can be sorted by the server and chosen one by one. */
export function LeadTable({ desk, leads, columns, order, icons, onOrder, chosen, onChoose, onMore }: LeadTableProps) {
  const ids = leads.map((lead) => lead.id ?? "");
  const turn = (id: string, on: boolean) => {
    const next = new Set(chosen);
    if (on) next.add(id);
    else next.delete(id);
    onChoose(next);
  };
  const head = (name: string, label: string, masked: boolean, key: string, more = "") => {
    const sorted = order?.sort === name;
    return (
      <th key={key} scope="col" class={more} aria-sort={sorted ? (order.descending ? "descending" : "ascending") : undefined}>
        {order && !masked && (sortable.has(name) || name.startsWith("custom.")) ? (
          <button type="button" class="table-sort" onClick={() => onOrder({ sort: name, descending: sorted ? !order.descending : false })}>
            {label}
            {sorted && <Icon of={order.descending ? icons.down : icons.up} />}
          </button>
        ) : (
          label
        )}
      </th>
    );
  };
  return (
    <div class="table-scroll scroll" role="region" aria-label={c.console.leads} tabIndex={0}>
      <table class="table" data-testid="leads-table">
        <thead>
          <tr>
            <th scope="col" class="leads-check">
              <input
                type="checkbox"
                aria-label={l.selectAll}
                checked={ids.length > 0 && ids.every((id) => chosen.has(id))}
                onChange={(event) => onChoose(new Set(event.currentTarget.checked ? ids.slice(0, 200) : []))}
              />
            </th>
            {head("first_name", s.lead.name, false, "name")}
            <th scope="col">{s.lead.reach}</th>
            {columns.map((field) => head(field.name ?? "", field.label ?? "", field.masked ?? false, field.name ?? "", "wide"))}
          </tr>
        </thead>
        <tbody>
          {leads.map((lead) => (
            <tr
              key={lead.id}
              class="table-open"
              onClick={(event) => {
                // Links, buttons and boxes in the row speak for themselves.
                if (!(event.target as Element).closest("a, button, input, label")) go(paths.lead(lead.id ?? ""));
              }}
            >
              <td class="leads-check">
                <input type="checkbox" aria-label={l.select(nameOf(lead))} checked={chosen.has(lead.id ?? "")} onChange={(event) => turn(lead.id ?? "", event.currentTarget.checked)} />
              </td>
              <td>
                <span class="leads-name">
                  <Avatar name={nameOf(lead)} id={lead.id ?? ""} size="small" />
                  <a href={paths.lead(lead.id ?? "")} class="clip">
                    {nameOf(lead)}
                  </a>
                </span>
              </td>
              <td>
                <span class="num quiet leads-reach">
                  {(lead.identifiers ?? []).slice(0, 2).map((identifier) => (
                    <Phone key={identifier.id} value={identifier.value ?? ""} />
                  ))}
                  {(lead.identifiers?.length ?? 0) > 2 && <span>{s.lead.more((lead.identifiers?.length ?? 0) - 2)}</span>}
                </span>
              </td>
              {columns.map((field) => (
                <td key={field.name} class="wide">
                  <Cell desk={desk} lead={lead} field={field} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      {onMore && (
        <button type="button" class="btn leads-more" onClick={onMore}>
          {l.more}
        </button>
      )}
    </div>
  );
}

function Cell({ desk, lead, field }: { desk: Desk; lead: LeadJson; field: LeadFieldJson }) {
  if (field.name === "created_at" || field.name === "modified_at") {
    const at = toTime(field.name === "created_at" ? lead.createdAt : lead.modifiedAt);
    return <span class="num quiet">{at > 0 ? pastTime(at, desk.now.value) : ""}</span>;
  }
  const value = valueOf(lead, field);
  if (field.name === "stage" && value) return <span class="tag">{value}</span>;
  return <span class={field.name === "owner" ? "" : "quiet"}>{value}</span>;
}
