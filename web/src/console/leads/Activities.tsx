import { History } from "lucide-preact";
import { useEffect, useRef, useState } from "preact/hooks";
import type { Desk } from "../../core/desk.js";
import { asApiError, type ApiError } from "../../core/error.js";
import type { LeadView } from "../../core/leadview.js";
import { toTime } from "../../core/frompb.js";
import type { ActivityJson, LeadFieldJson } from "../../gen/converse/v1/lead_pb.js";
import { EmptyState } from "../../ui/EmptyState.js";
import { pastTime } from "../../ui/format.js";
import { carried } from "../../ui/messageSummary.js";
import { Segmented } from "../../ui/Segmented.js";
import { Skeleton } from "../../ui/Skeleton.js";
import { UndoMerge } from "../merge/UndoMerge.js";
import { s } from "../../ui/strings.js";
import { errorText } from "../../ui/toasts.js";
import "./leads.css";
import { l } from "./strings.js";

/** The history of a lead, the newest first, as it happens. */
export function Activities({ desk, view, fields }: { desk: Desk; view: LeadView; fields: readonly LeadFieldJson[] }) {
  const [group, setGroup] = useState("all");
  const [shown, setShown] = useState<ActivityJson[]>();
  const [next, setNext] = useState("");
  const [fault, setFault] = useState<ApiError>();
  const turn = useRef(0);
  const load = (cursor: string) => {
    const mine = ++turn.current;
    const kinds = l.activityGroups.find((one) => one.key === group)?.kinds ?? [];
    desk.call("LeadService/ListActivities", { leadId: view.id, kinds, cursor }).then(
      (answer) => {
        if (mine !== turn.current) return;
        setFault(undefined);
        setShown((before) => [...(cursor ? (before ?? []) : []), ...(answer.activities ?? [])]);
        setNext(answer.nextCursor ?? "");
      },
      (thrown: unknown) => mine === turn.current && setFault(asApiError(thrown)),
    );
  };
  // A change of the lead, or a message in one of its conversations, is something new.
  const version = view.record.value?.version ?? 0;
  const seqs = view.choices.value.map((choice) => choice.chat?.data.value.lastSeq ?? 0).join();
  useEffect(() => load(""), [view, group, version, seqs]);
  if (fault && !shown) return <EmptyState icon={History} title={s.somethingWrong} text={errorText(fault)} />;
  return (
    <section aria-label={l.activity}>
      <Segmented label={l.activity} options={l.activityGroups.map((one) => ({ value: one.key, label: one.label }))} value={group} onChange={setGroup} testId="activity-groups" />
      {!shown ? (
        <Skeleton shape="lines" count={4} />
      ) : shown.length === 0 ? (
        <EmptyState icon={History} title={l.noActivity} text={l.noActivityHelp} />
      ) : (
        <ul class="activities" data-testid="activities">
          {shown.map((activity) => (
            <li key={activity.id} class="activity">
              <span>
                <strong>{l.kinds(activity.kind ?? "")}</strong> {about(desk, fields, activity)}
              </span>
              {saidIn(activity) && <p>{saidIn(activity)}</p>}
              {activity.mergeId && (
                <UndoMerge
                  desk={desk}
                  mergeId={activity.mergeId}
                  stays={activity.mergeStays ?? ""}
                  onUndone={() => {
                    void view.load();
                    load("");
                  }}
                />
              )}
              <span class="meta num">
                {pastTime(toTime(activity.at), desk.now.value)}
                {activity.kind?.endsWith("_received") ? "" : ` · ${l.who(activity.actorName ?? "")}`}
              </span>
            </li>
          ))}
        </ul>
      )}
      {next && (
        <button type="button" class="btn" onClick={() => load(next)}>
          {l.more}
        </button>
      )}
    </section>
  );
}

/** What a message says, or what it is where it says nothing. */
function saidIn(activity: ActivityJson): string {
  return activity.text || (carried[activity.detail?.["message_kind"] ?? ""] ?? "");
}

/** What an activity says beside its kind: names of fields, and of users. */
function about(desk: Desk, fields: readonly LeadFieldJson[], activity: ActivityJson): string {
  if (activity.kind === "assigned") {
    const owner = activity.detail?.["owner_id"] ?? "";
    return l.assignedTo(owner ? (desk.colleagues.get(owner)?.name ?? s.lead.unassigned) : l.nobody);
  }
  return (activity.fields ?? []).map((name) => fields.find((field) => field.name === name)?.label ?? name).join(", ");
}
