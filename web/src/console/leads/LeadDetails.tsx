import { useEffect, useState } from "preact/hooks";
import type { Desk } from "../../core/desk.js";
import type { LeadView } from "../../core/leadview.js";
import { Segmented } from "../../ui/Segmented.js";
import { useLoad } from "../useLoad.js";
import { Activities } from "./Activities.js";
import { LeadEditor } from "./LeadEditor.js";
import { l } from "./strings.js";

type Tab = "details" | "activity" | "lists";

/** What is known of a lead, to be read and changed: fields, history, lists. */
export function LeadDetails({ desk, view }: { desk: Desk; view: LeadView }) {
  const [tab, setTab] = useState<Tab>("details");
  const fields = useLoad(() => desk.call("LeadService/ListFields", {}).then((answer) => answer.fields ?? []), [desk]);
  useEffect(() => view.follow(), [view]);
  const lead = view.record.value;
  if (!lead) return null;
  return (
    <>
      <div class="lead-tabs">
        <Segmented<Tab>
          label={l.details}
          options={[
            { value: "details", label: l.details },
            { value: "activity", label: l.activity },
            { value: "lists", label: l.lists },
          ]}
          value={tab}
          onChange={(next) => setTab(next)}
          testId="lead-tabs"
        />
      </div>
      {/* What is being typed stays while one looks at the history. */}
      <div hidden={tab !== "details"}>{fields.data && <LeadEditor desk={desk} view={view} lead={lead} fields={fields.data} />}</div>
      {tab === "activity" && <Activities desk={desk} view={view} fields={fields.data ?? []} />}
      {tab === "lists" && <ListsOfLead desk={desk} id={view.id} version={lead.version ?? 0} />}
    </>
  );
}

function ListsOfLead({ desk, id, version }: { desk: Desk; id: string; version: number }) {
  const lists = useLoad(() => desk.call("LeadService/ListListsOfLead", { leadId: id }).then((answer) => answer.lists ?? []), [desk, id, version]);
  if (!lists.data) return null;
  if (lists.data.length === 0) return <p class="quiet">{l.noLists}</p>;
  return (
    <ul class="activities" data-testid="lists-of-lead">
      {lists.data.map((list) => (
        <li key={list.id}>{list.name}</li>
      ))}
    </ul>
  );
}
