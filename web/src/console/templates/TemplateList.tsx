import { LayoutTemplate, Plus, RefreshCw, SearchX } from "lucide-preact";
import { useContext, useEffect, useState } from "preact/hooks";
import type { Desk } from "../../core/desk.js";
import { asApiError } from "../../core/error.js";
import type { ConnectorJson, ProviderJson } from "../../gen/converse/v1/connector_pb.js";
import type { TemplateJson, TemplateSyncJson } from "../../gen/converse/v1/template_pb.js";
import { EmptyState } from "../../ui/EmptyState.js";
import { Select } from "../../ui/form/Select.js";
import { Icon } from "../../ui/Icon.js";
import { capital } from "../../ui/format.js";
import { ToastContext } from "../../ui/toasts.js";
import { DataTable } from "../DataTable.js";
import { go, paths } from "../router.js";
import { PageBody } from "../settings/PageBody.js";
import { When } from "../When.js";
import { t } from "./strings.js";

/** How often a reading under way is looked at. */
const lookMs = 1_500;

const tones: Record<string, string> = { approved: "tag-accent", pending: "tag-amber", paused: "tag-amber", rejected: "tag-red", disabled: "tag-red" };

export interface TemplateListProps {
  desk: Desk;
  templates?: TemplateJson[];
  syncs?: TemplateSyncJson[];
  connectors: ConnectorJson[];
  providers: ProviderJson[];
  onChange(): void;
}

/** Every template, with where it stands in its review. */
export function TemplateList({ desk, templates = [], syncs = [], connectors, providers, onChange }: TemplateListProps) {
  const toasts = useContext(ToastContext);
  const [query, setQuery] = useState("");
  const [state, setState] = useState("");
  const running = syncs.some((sync) => sync.state === "running");
  useEffect(() => {
    if (!running) return;
    const timer = setTimeout(onChange, lookMs);
    return () => clearTimeout(timer);
  }, [syncs]);
  const listing = connectors.filter((one) => providers.find((p) => p.provider === one.provider)?.listsTemplates);
  const sync = async () => {
    try {
      for (const { id = "" } of listing) await desk.call("TemplateService/SyncTemplates", { connectorId: id });
    } catch (thrown) {
      toasts.fail(asApiError(thrown));
    }
    onChange();
  };
  const nameOf = (id: string | undefined) => connectors.find((one) => one.id === id)?.name ?? "";
  const wanted = query.trim().toLowerCase();
  const shown = templates.filter(
    (one) => (state === "" || one.status === state) && `${one.name} ${one.body} ${nameOf(one.connectorId)}`.toLowerCase().includes(wanted),
  );
  const actions = (
    <>
      {listing.length > 0 && (
        <button type="button" class="btn" disabled={running} data-testid="sync-templates" onClick={() => void sync()}>
          <Icon of={RefreshCw} />
          {running ? t.syncing(syncs.reduce((sum, one) => sum + (one.found ?? 0), 0)) : t.sync}
        </button>
      )}
      <button type="button" class="btn primary" data-testid="new-template" onClick={() => go(paths.settings("templates", "new"))}>
        <Icon of={Plus} />
        {t.create}
      </button>
    </>
  );
  return (
    <PageBody title={t.title} intro={t.intro} actions={actions}>
      {syncs.length > 0 && (
        <ul class="template-syncs meta" aria-live="polite">
          {syncs.map((one) => (
            <li key={one.connectorId}>
              {nameOf(one.connectorId)}: {one.state === "failed" ? <span class="form-fault">{one.problem}</span> : one.state === "done" ? t.synced(one.found ?? 0, one.gone ?? 0) : t.syncing(one.found ?? 0)}
              {", "}
              <When at={one.endedAt ?? one.beganAt} now={desk.now.value} />
            </li>
          ))}
        </ul>
      )}
      {templates.length === 0 ? (
        <EmptyState icon={LayoutTemplate} title={t.none} text={t.noneHelp} />
      ) : (
        <>
          <div class="template-filter">
            <label class="form-field">
              <span class="form-label">{t.search}</span>
              <input class="field" type="search" value={query} onInput={(event) => setQuery(event.currentTarget.value)} />
            </label>
            <Select
              label={t.filter}
              value={state}
              options={[{ value: "", label: t.all }, ...Object.entries(t.states).map(([value, label]) => ({ value, label }))]}
              onChange={setState}
            />
          </div>
          {shown.length === 0 ? (
            <EmptyState icon={SearchX} title={t.noneSuch} />
          ) : (
            <DataTable
              label={t.title}
              testId="templates-table"
              rows={shown}
              keyOf={(row) => row.id ?? ""}
              onOpen={(row) => go(paths.settings("templates", row.id ?? ""))}
              columns={[
                { key: "name", label: t.name, sort: (row) => row.name ?? "", cell: (row) => <a href={paths.settings("templates", row.id ?? "")}>{row.name}</a> },
                { key: "language", label: t.language, class: "tight wide", cell: (row) => row.language },
                {
                  key: "state",
                  label: t.state,
                  sort: (row) => row.status ?? "",
                  cell: (row) => (
                    <span class={`tag ${tones[row.status ?? ""] ?? ""}`} title={row.reason}>
                      {t.states[row.status ?? ""] ?? row.status}
                    </span>
                  ),
                },
                { key: "quality", label: t.quality, class: "wide", cell: (row) => t.qualities[row.quality ?? ""] ?? "" },
                { key: "category", label: t.category, class: "wide", cell: (row) => t.categories[row.category ?? ""] ?? capital(row.category ?? "") },
                { key: "account", label: t.account, class: "wide", cell: (row) => <span class="quiet">{nameOf(row.connectorId)}</span> },
              ]}
            />
          )}
        </>
      )}
    </PageBody>
  );
}
