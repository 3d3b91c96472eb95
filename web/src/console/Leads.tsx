import { Download, Search, SearchX, Upload, UserPlus, Users } from "lucide-preact";
import { useEffect, useMemo, useState } from "preact/hooks";
import type { Desk } from "../core/desk.js";
import { LeadSearch } from "../core/leadsearch.js";
import type { Lead } from "../core/model.js";
import { Avatar } from "../ui/Avatar.js";
import { EmptyState } from "../ui/EmptyState.js";
import { listTime } from "../ui/format.js";
import { Icon } from "../ui/Icon.js";
import { later } from "../ui/later.js";
import { Phone } from "../ui/Phone.js";
import { Skeleton } from "../ui/Skeleton.js";
import { s } from "../ui/strings.js";
import { DataTable, type Column } from "./DataTable.js";
import "./pages.css";
import "./Leads.css";
import { go, paths } from "./router.js";
import { t } from "./transfer/strings.js";

const ExportDialog = later(() => import("./transfer/ExportDialog.js").then((m) => m.ExportDialog));

const most = 50;

/** Leads, found while typing. */
export function Leads({ desk }: { desk: Desk }) {
  const search = useMemo(() => new LeadSearch(desk.env.clock, desk.call, most), [desk]);
  useEffect(() => void search.run(), [search]);
  const [exporting, setExporting] = useState(false);
  const state = search.state.value;
  const leads = search.results.value;
  const query = search.query.value.trim();
  const columns: Column<Lead>[] = [
    {
      key: "name",
      label: s.lead.name,
      sort: (lead) => lead.name,
      cell: (lead) => (
        <span class="leads-name">
          <Avatar name={lead.name} id={lead.id} size="small" />
          <a href={paths.lead(lead.id)} class="clip">
            {lead.name || s.unknownLead}
          </a>
        </span>
      ),
    },
    {
      key: "reach",
      label: s.lead.reach,
      cell: (lead) => (
        <span class="num quiet leads-reach">
          {lead.identifiers.slice(0, 2).map((identifier) => (
            <Phone key={identifier.id} value={identifier.value} />
          ))}
          {lead.identifiers.length > 2 && <span>{s.lead.more(lead.identifiers.length - 2)}</span>}
        </span>
      ),
    },
    { key: "owner", label: s.lead.owner, class: "wide", sort: (lead) => lead.ownerName, cell: (lead) => lead.ownerName || <span class="quiet">{s.lead.unassigned}</span> },
    { key: "stage", label: s.lead.stage, class: "wide", sort: (lead) => lead.stage, cell: (lead) => lead.stage && <span class="tag">{lead.stage}</span> },
    { key: "source", label: s.lead.source, class: "wide", sort: (lead) => lead.source, cell: (lead) => <span class="quiet">{lead.source}</span> },
    {
      key: "modified",
      label: s.lead.modified,
      class: "end tight wide",
      sort: (lead) => lead.modifiedAt,
      cell: (lead) => <span class="num quiet">{lead.modifiedAt > 0 ? listTime(lead.modifiedAt, desk.now.value) : ""}</span>,
    },
  ];
  return (
    <div class="content">
      <header class="content-head">
        <h1>{s.console.leads}</h1>
        <div class="content-search" role="search">
          <Icon of={Search} />
          <input
            class="field"
            type="search"
            autocomplete="off"
            placeholder={s.search.placeholder}
            aria-label={s.search.label}
            value={search.query.value}
            data-testid="leads-search"
            onInput={(event) => search.type(event.currentTarget.value)}
          />
        </div>
        <a class="btn" href={paths.import()}>
          <Icon of={Upload} />
          {t.short}
        </a>
        <button type="button" class="btn" onClick={() => setExporting(true)}>
          <Icon of={Download} />
          {t.exports.open}
        </button>
      </header>
      {leads.length > 0 ? (
        <DataTable
          label={s.console.leads}
          columns={columns}
          rows={leads}
          keyOf={(lead) => lead.id}
          onOpen={(lead) => go(paths.lead(lead.id))}
          testId="leads-table"
        />
      ) : state === "failed" ? (
        <EmptyState icon={Users} title={s.search.failed}>
          <button type="button" class="btn" onClick={() => void search.run()}>
            {s.tryAgain}
          </button>
        </EmptyState>
      ) : state === "ready" && query === "" ? (
        <EmptyState icon={UserPlus} title={s.lead.noLeads} text={s.lead.noLeadsHelp} />
      ) : state === "ready" ? (
        <EmptyState icon={SearchX} title={s.search.none(query)} text={s.search.noneHelp} />
      ) : (
        <Skeleton shape="rows" />
      )}
      {exporting && <ExportDialog desk={desk} of={{ label: t.exports.all }} onClose={() => setExporting(false)} />}
      <div class="sr" role="status">
        {state === "ready" ? s.search.results(leads.length) : ""}
      </div>
    </div>
  );
}
