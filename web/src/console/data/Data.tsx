import { Eraser } from "lucide-preact";
import { useContext, useEffect, useState } from "preact/hooks";
import type { Desk } from "../../core/desk.js";
import { asApiError, type ApiError } from "../../core/error.js";
import type { ErasureJson, RetentionJson } from "../../gen/converse/v1/forget_pb.js";
import { EmptyState } from "../../ui/EmptyState.js";
import { Progress } from "../../ui/form/Progress.js";
import { number } from "../../ui/format.js";
import { ToastContext } from "../../ui/toasts.js";
import { DataTable } from "../DataTable.js";
import { PageBody } from "../settings/PageBody.js";
import { When } from "../When.js";
import "./data.css";
import { RetentionTable } from "./RetentionTable.js";
import { d } from "./strings.js";

const againMs = 3_000;

/** How long things are kept, and what became of erased leads. */
export function Data({ desk }: { desk: Desk }) {
  const toasts = useContext(ToastContext);
  const [kinds, setKinds] = useState<RetentionJson[]>();
  const [erasures, setErasures] = useState<ErasureJson[]>();
  const [fault, setFault] = useState<ApiError>();
  const load = () => {
    setFault(undefined);
    Promise.all([desk.call("AdminService/GetRetention", {}), desk.call("AdminService/ListErasures", {})]).then(
      ([retention, list]) => {
        setKinds(retention.kinds ?? []);
        setErasures(list.erasures ?? []);
      },
      (thrown: unknown) => setFault(asApiError(thrown)),
    );
  };
  useEffect(load, [desk]);
  const busy = (erasures ?? []).some((erasure) => erasure.state !== "done");
  useEffect(() => (busy ? desk.env.clock.after(againMs, load) : undefined), [busy, erasures]);
  const save = async (kind: string, days: number) => {
    const answer = await desk.call("AdminService/SetRetention", { kind, days });
    setKinds(answer.kinds ?? []);
    toasts.show({ text: d.saved });
  };
  return (
    <PageBody title={d.title} intro={d.intro} fault={fault} onRetry={load} loading={!kinds || !erasures}>
      <div class="data-page">
        <section class="form-section">
          <h2>{d.retention}</h2>
          <p class="quiet">{d.retentionHelp}</p>
          <RetentionTable kinds={kinds ?? []} now={desk.now.value} onSave={save} />
        </section>
        <section class="form-section">
          <h2>{d.erasures}</h2>
          <p class="quiet">{d.erasuresHelp}</p>
          <Erasures list={erasures ?? []} now={desk.now.value} />
        </section>
      </div>
    </PageBody>
  );
}

function Erasures({ list, now }: { list: readonly ErasureJson[]; now: number }) {
  if (list.length === 0) return <EmptyState icon={Eraser} title={d.noErasures} text={d.noErasuresHelp} />;
  return (
    <DataTable
      label={d.erasures}
      testId="erasures"
      rows={list}
      keyOf={(erasure) => erasure.id ?? ""}
      columns={[
        { key: "lead", label: d.lead, cell: (erasure) => <code class="num">{(erasure.leadId ?? "").slice(-12)}</code> },
        {
          key: "requested",
          label: d.requested,
          cell: (erasure) => (
            <>
              <When at={erasure.requestedAt} now={now} /> <span class="meta">{d.by(erasure.requestedByName ?? "")}</span>
            </>
          ),
        },
        { key: "state", label: d.state, cell: (erasure) => <ErasureState erasure={erasure} /> },
        {
          key: "found",
          label: d.found,
          cell: (erasure) => d.foundText(erasure.messages ?? 0, erasure.files ?? 0, erasure.callbacks ?? 0),
        },
      ]}
    />
  );
}

function ErasureState({ erasure }: { erasure: ErasureJson }) {
  const label = d.states[erasure.state ?? ""] ?? "";
  if (erasure.state !== "working") return <span class={`tag ${erasure.state === "done" ? "tag-accent" : ""}`}>{label}</span>;
  const [handled, total] = [erasure.handled ?? 0, erasure.total ?? 0];
  return <Progress label={label} value={handled} most={total} text={`${number(handled)} / ${number(total)}`} />;
}
