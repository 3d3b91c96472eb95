import { Webhook } from "lucide-preact";
import type { Desk } from "../../core/desk.js";
import { EmptyState } from "../../ui/EmptyState.js";
import { DataTable } from "../DataTable.js";
import { paths } from "../router.js";
import { Loaded } from "../settings/PageBody.js";
import { c } from "../strings.js";
import { useLoad } from "../useLoad.js";
import { When } from "../When.js";
import { w } from "./strings.js";

/** The newest calls of one connector's provider. */
export function ConnectorCalls({ desk, connectorId }: { desk: Desk; connectorId: string }) {
  const { data, fault, reload } = useLoad(async () => (await desk.call("ConnectorService/ListCallbacks", { connectorId })).callbacks ?? [], [connectorId]);
  return (
    <Loaded fault={fault} onRetry={reload} loading={!data}>
      {data?.length === 0 ? (
        <EmptyState icon={Webhook} title={w.noCallbacks} text={w.noCallbacksHelp} />
      ) : (
        <DataTable
          label={w.tabs.callbacks}
          rows={data ?? []}
          keyOf={(row) => row.id ?? ""}
          columns={[
            { key: "when", label: c.callbacks.when, class: "tight", cell: (row) => <When at={row.receivedAt} now={desk.now.value} /> },
            { key: "result", label: c.callbacks.result, cell: (row) => <span class="tag">{c.callbacks.resultTag(row.result ?? "")}</span> },
            { key: "why", label: c.callbacks.why, cell: (row) => <span class="quiet">{row.why}</span> },
          ]}
        />
      )}
      <a href={paths.settings("callbacks")}>{w.callbacksOf}</a>
    </Loaded>
  );
}
