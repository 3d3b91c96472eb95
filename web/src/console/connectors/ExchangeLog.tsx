import { FileText, ScrollText } from "lucide-preact";
import { useState } from "preact/hooks";
import type { Desk } from "../../core/desk.js";
import type { ExchangeJson } from "../../gen/converse/v1/connector_pb.js";
import { Dialog } from "../../ui/Dialog.js";
import { EmptyState } from "../../ui/EmptyState.js";
import { IconButton } from "../../ui/IconButton.js";
import { DataTable } from "../DataTable.js";
import { Loaded } from "../settings/PageBody.js";
import { useLoad } from "../useLoad.js";
import { When } from "../When.js";
import { w } from "./strings.js";

export interface ExchangeLogProps {
  desk: Desk;
  of: { connectorId: string } | { messageId: string };
}

/** What was said between us and a provider: over a connector, or about a message. */
export function ExchangeLog({ desk, of }: ExchangeLogProps) {
  const [shown, setShown] = useState<ExchangeJson>();
  const [older, setOlder] = useState<ExchangeJson[]>([]);
  const [cursor, setCursor] = useState<string>();
  const { data, fault, reload } = useLoad(async () => await desk.call("ConnectorService/ListExchanges", of), [JSON.stringify(of)]);
  const next = cursor ?? data?.nextCursor ?? "";
  const more = () => {
    void desk.call("ConnectorService/ListExchanges", { ...of, cursor: next }).then((page) => {
      setOlder((before) => [...before, ...(page.exchanges ?? [])]);
      setCursor(page.nextCursor ?? "");
    });
  };
  const rows = [...(data?.exchanges ?? []), ...older];
  return (
    <Loaded fault={fault} onRetry={reload} loading={!data}>
      {rows.length === 0 ? (
        <EmptyState icon={ScrollText} title={w.noLog} text={w.noLogHelp} />
      ) : (
        <DataTable
          label={w.tabs.log}
          testId="exchanges"
          rows={rows}
          keyOf={(row) => row.id ?? ""}
          columns={[
            { key: "when", label: w.when, class: "tight", cell: (row) => <When at={row.at} now={desk.now.value} /> },
            { key: "purpose", label: w.purpose, class: "tight", cell: (row) => w.purposes[row.purpose ?? ""] ?? row.purpose },
            {
              key: "status",
              label: w.status,
              cell: (row) => <span class={`tag num ${(row.status ?? 0) >= 400 || !row.status ? "tag-red" : "tag-accent"}`}>{row.status || w.noAnswer}</span>,
            },
            { key: "error", label: w.request, class: "fill wide", cell: (row) => <span class="quiet clip">{row.error || `${row.method} ${row.url}`}</span> },
            { key: "took", label: w.took, class: "end tight wide", cell: (row) => <span class="num quiet">{w.ms(row.tookMs ?? 0)}</span> },
            {
              key: "view",
              label: w.view,
              silent: true,
              class: "end",
              cell: (row) => <IconButton icon={FileText} size={16} label={w.view} testId="view-exchange" onClick={() => setShown(row)} />,
            },
          ]}
        />
      )}
      {next !== "" && (
        <button type="button" class="btn content-more" onClick={more}>
          {w.more}
        </button>
      )}
      {shown && <Exchange exchange={shown} onClose={() => setShown(undefined)} />}
    </Loaded>
  );
}

function Exchange({ exchange, onClose }: { exchange: ExchangeJson; onClose(): void }) {
  return (
    <Dialog title={`${w.exchange}: ${w.purposes[exchange.purpose ?? ""] ?? ""}`} onClose={onClose} class="connector-exchange" testId="exchange">
      <h3>{w.request}</h3>
      <Said label={w.request} parts={[`${exchange.method} ${exchange.url}\n${exchange.requestHead ?? ""}`, readable(exchange.requestBody)]} />
      <h3>{w.answer}</h3>
      {exchange.error && <p class="form-fault">{exchange.error}</p>}
      <Said label={w.answer} parts={[`${exchange.status || w.noAnswer}\n${exchange.answerHead ?? ""}`, readable(exchange.answerBody)]} />
    </Dialog>
  );
}

/** A head and a body, with a line between. */
function Said({ parts, label }: { parts: string[]; label: string }) {
  const text = parts.map((part) => part.trim()).filter((part) => part !== "");
  return (
    <pre class="connector-said scroll" tabIndex={0} role="region" aria-label={label}>
      {text.join("\n\n") || w.empty}
    </pre>
  );
}

/** JSON with a line for each field, and anything else as it is. */
function readable(body = ""): string {
  try {
    return JSON.stringify(JSON.parse(body), null, 2);
  } catch {
    return body;
  }
}
