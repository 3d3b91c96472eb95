import { useMemo, useState } from "preact/hooks";
import type { Desk } from "../../core/desk.js";
import { asApiError } from "../../core/error.js";
import { LeadSearch } from "../../core/leadsearch.js";
import type { LeadJson } from "../../gen/converse/v1/types_pb.js";
import { Avatar } from "../../ui/Avatar.js";
import { Dialog } from "../../ui/Dialog.js";
import { phone } from "../../ui/format.js";
import { Radio } from "../../ui/form/Radio.js";
import { TextInput } from "../../ui/form/TextInput.js";
import "../../ui/form/form.css";
import { s } from "../../ui/strings.js";
import { errorText } from "../../ui/toasts.js";
import { useLoad } from "../useLoad.js";
import "./merge.css";
import { m } from "./strings.js";

export interface MergeDialogProps {
  desk: Desk;
  lead: LeadJson;
  onMerged(parentId: string, mergeId: string): void;
  onClose(): void;
}

/** Chooses the other lead, and then what the two become. */
export function MergeDialog({ desk, lead, onMerged, onClose }: MergeDialogProps) {
  const [other, setOther] = useState<LeadJson>();
  return other ? (
    <Choose desk={desk} lead={lead} other={other} onMerged={onMerged} onClose={onClose} />
  ) : (
    <Find desk={desk} lead={lead} onPick={setOther} onClose={onClose} />
  );
}

function Find({ desk, lead, onPick, onClose }: Pick<MergeDialogProps, "desk" | "lead" | "onClose"> & { onPick(lead: LeadJson): void }) {
  const id = lead.id ?? "";
  const search = useMemo(() => new LeadSearch(desk.env.clock, desk.call, 6), [desk]);
  const duplicates = useLoad(() => desk.call("LeadService/ListDuplicates", { leadId: id }).then((answer) => answer.duplicates ?? []), [desk, id]);
  const query = search.query.value.trim();
  const found = search.records.value.filter((one) => one.id !== id);
  const rows = query === "" ? (duplicates.data ?? []).map((one) => ({ lead: one.lead ?? {}, note: m.reason(one.reason ?? "") })) : found.map((one) => ({ lead: one, note: reachOf(one) }));
  return (
    <Dialog title={m.title} onClose={onClose} testId="merge-dialog">
      <div class="form">
        <p class="quiet">{m.intro}</p>
        <TextInput label={m.search} value={search.query.value} onInput={(text) => search.type(text)} type="search" autofocus testId="merge-search" />
        {query === "" && rows.length > 0 && <p class="form-label">{m.suggested}</p>}
        {query === "" && duplicates.data && rows.length === 0 && <p class="quiet">{m.none}</p>}
        <ul class="merge-list">
          {rows.map((row) => (
            <li key={row.lead.id}>
              <button type="button" class="merge-row" data-testid="merge-candidate" onClick={() => onPick(row.lead)}>
                <Avatar name={nameOf(row.lead)} id={row.lead.id ?? ""} size="small" />
                <span class="grow">
                  <span class="clip">{nameOf(row.lead)}</span>
                  <span class="meta">{row.note}</span>
                </span>
              </button>
            </li>
          ))}
        </ul>
      </div>
    </Dialog>
  );
}

/** The fields that hold one value, in which two leads may differ. */
const single = ["first_name", "last_name", "owner", "stage", "source"] as const;

function Choose({ desk, lead, other, onMerged, onClose }: MergeDialogProps & { other: LeadJson }) {
  const [staying, setStaying] = useState(lead.id ?? "");
  const [taken, setTaken] = useState<ReadonlySet<string>>(new Set());
  const [busy, setBusy] = useState(false);
  const [fault, setFault] = useState<string>();
  const [parent, child] = staying === lead.id ? [lead, other] : [other, lead];
  const request = {
    parentId: parent.id ?? "",
    childId: child.id ?? "",
    rules: [{ field: "identifiers", rule: "append" }, ...[...taken].map((field) => ({ field, rule: "overwrite" }))],
  };
  const preview = useLoad(() => desk.call("LeadService/PreviewMerge", request), [staying, taken]);
  const differing = single.filter((field) => valueOf(parent, field) !== valueOf(child, field) && valueOf(child, field) !== "" && valueOf(parent, field) !== "");
  const take = (field: string, fromChild: boolean) => {
    const next = new Set(taken);
    if (fromChild) next.add(field);
    else next.delete(field);
    setTaken(next);
  };
  const merge = async () => {
    setBusy(true);
    setFault(undefined);
    try {
      const answer = await desk.call("LeadService/MergeLeads", request);
      onMerged(request.parentId, answer.mergeId ?? "");
    } catch (thrown) {
      setFault(errorText(asApiError(thrown)));
      setBusy(false);
    }
  };
  const problem = fault ?? (preview.fault && errorText(preview.fault));
  const result = preview.data?.result;
  return (
    <Dialog
      title={m.title}
      onClose={onClose}
      testId="merge-dialog"
      actions={
        <>
          <button type="button" class="btn" onClick={onClose}>
            {s.cancel}
          </button>
          <button type="button" class="btn primary" disabled={busy || !preview.data || Boolean(preview.fault)} onClick={() => void merge()}>
            {busy ? m.merging : m.merge}
          </button>
        </>
      }
    >
      <div class="form">
        <Radio
          label={m.stays}
          value={staying}
          onChange={(id) => {
            setStaying(id);
            setTaken(new Set());
          }}
          options={[lead, other].map((one) => ({ value: one.id ?? "", label: nameOf(one), help: reachOf(one) }))}
        />
        {differing.map((field) => (
          <Radio
            key={field}
            label={m.value(field)}
            inline
            value={taken.has(field) ? "child" : "parent"}
            onChange={(from) => take(field, from === "child")}
            options={[
              { value: "parent", label: labelOf(parent, field) },
              { value: "child", label: labelOf(child, field) },
            ]}
          />
        ))}
        {result && (
          <section class="form-section" aria-label={m.result} data-testid="merge-result">
            <h2>{nameOf(result)}</h2>
            <p class="quiet num">{(result.identifiers ?? []).map((identifier) => phone(identifier.value ?? "")).join(" · ")}</p>
            <p class="meta">{m.moves(preview.data?.conversations ?? 0, preview.data?.lists ?? 0)}</p>
          </section>
        )}
        {problem && (
          <p class="form-fault" role="alert">
            {problem}
          </p>
        )}
      </div>
    </Dialog>
  );
}

function valueOf(lead: LeadJson, field: (typeof single)[number]): string {
  const values = { first_name: lead.firstName, last_name: lead.lastName, owner: lead.ownerId, stage: lead.stage, source: lead.source };
  return values[field] ?? "";
}

function labelOf(lead: LeadJson, field: (typeof single)[number]): string {
  return (field === "owner" ? lead.ownerName : valueOf(lead, field)) || m.nothing;
}

function nameOf(lead: LeadJson): string {
  return `${lead.firstName ?? ""} ${lead.lastName ?? ""}`.trim() || lead.identifiers?.[0]?.value || m.unnamed;
}

function reachOf(lead: LeadJson): string {
  return (lead.identifiers ?? []).map((identifier) => phone(identifier.value ?? "")).slice(0, 2).join(" · ");
}
