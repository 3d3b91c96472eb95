import { CircleAlert, FileText, PartyPopper, RefreshCw, RotateCcw, Webhook } from "lucide-preact";
import { useState } from "preact/hooks";
import type { Desk } from "../core/desk.js";
import { EmptyState } from "../ui/EmptyState.js";
import { fileSize, fullTime, machineTime, number, pastTime } from "../ui/format.js";
import { Icon } from "../ui/Icon.js";
import { IconButton } from "../ui/IconButton.js";
import { Segmented } from "../ui/Segmented.js";
import { Skeleton } from "../ui/Skeleton.js";
import { s } from "../ui/strings.js";
import { errorText } from "../ui/toasts.js";
import { CallbackBody } from "./CallbackBody.js";
import { DataTable, type Column } from "./DataTable.js";
import { Meter } from "./Meter.js";
import "./pages.css";
import { useCallbacks, type Callback, type Result } from "./useCallbacks.js";
import { c } from "./strings.js";

const tones: Record<string, string> = { shown: "tag-accent", ignored: "", parked: "tag-amber" };

/** What providers called us with, and what became of each call. */
export function Callbacks({ desk }: { desk: Desk }) {
  const [result, setResult] = useState<Result>("");
  const [viewed, setViewed] = useState<Callback>();
  const { rows, counts, more, fault, busy, reload, loadMore, replay, body } = useCallbacks(desk, result);
  const columns: Column<Callback>[] = [
    {
      key: "when",
      label: c.callbacks.when,
      class: "tight",
      cell: (row) => (
        <time class="num" dateTime={machineTime(row.receivedAt)} title={fullTime(row.receivedAt)}>
          {pastTime(row.receivedAt, desk.now.value)}
        </time>
      ),
    },
    { key: "provider", label: c.callbacks.provider, class: "tight", cell: (row) => s.provider(row.provider) },
    { key: "result", label: c.callbacks.result, cell: (row) => <span class={`tag ${tones[row.result] ?? ""}`}>{c.callbacks.resultTag(row.result)}</span> },
    { key: "why", label: c.callbacks.why, class: "wide", cell: (row) => <span class="quiet">{row.why}</span> },
    { key: "size", label: c.callbacks.size, class: "end tight wide", cell: (row) => <span class="num quiet">{fileSize(row.size)}</span> },
    { key: "replays", label: c.callbacks.replays, class: "end wide", cell: (row) => <span class="num quiet">{row.replays > 0 ? number(row.replays) : ""}</span> },
    {
      key: "actions",
      label: c.callbacks.actions,
      silent: true,
      cell: (row) => (
        <span class="table-actions">
          {row.result === "parked" && (
            <button type="button" class="btn small" disabled={busy !== ""} data-testid="replay" onClick={() => void replay(row)}>
              <Icon of={RotateCcw} />
              {busy === row.id ? c.callbacks.replaying : c.callbacks.replay}
            </button>
          )}
          <IconButton icon={FileText} size={16} label={c.callbacks.view} testId="view-body" onClick={() => setViewed(row)} />
        </span>
      ),
    },
  ];
  return (
    <div class="content">
      <header class="content-head">
        <h1>{c.callbacks.title}</h1>
        <IconButton icon={RefreshCw} label={c.callbacks.refresh} onClick={reload} />
      </header>
      <p class="content-intro">{c.callbacks.intro}</p>
      {fault ? (
        <EmptyState icon={CircleAlert} title={c.callbacks.failed} text={errorText(fault)}>
          <button type="button" class="btn" onClick={reload}>
            {s.tryAgain}
          </button>
        </EmptyState>
      ) : (
        <>
          {counts && <Meter counts={counts} />}
          <div class="content-head">
            <Segmented<Result>
              label={c.callbacks.filter}
              value={result}
              onChange={setResult}
              testId="result-filter"
              options={[
                { value: "", label: c.callbacks.all },
                { value: "shown", label: c.callbacks.shown },
                { value: "ignored", label: c.callbacks.ignored },
                { value: "parked", label: c.callbacks.parked, count: counts?.parked ?? 0 },
              ]}
            />
          </div>
          {!rows && <Skeleton shape="rows" />}
          {rows && rows.length > 0 && (
            <DataTable label={c.callbacks.title} columns={columns} rows={rows} keyOf={(row) => row.id} testId="callbacks-table" />
          )}
          {rows && rows.length === 0 && (
            <EmptyState
              icon={result === "parked" ? PartyPopper : Webhook}
              title={result === "parked" ? c.callbacks.noneParked : c.callbacks.none}
              text={result === "parked" ? c.callbacks.noneParkedHelp : c.callbacks.noneHelp}
            />
          )}
          {more && (
            <button type="button" class="btn content-more" onClick={loadMore}>
              {c.callbacks.more}
            </button>
          )}
        </>
      )}
      {viewed && <CallbackBody callback={viewed} load={() => body(viewed)} onClose={() => setViewed(undefined)} />}
    </div>
  );
}
