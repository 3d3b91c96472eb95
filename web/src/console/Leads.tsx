import { ArrowDown, ArrowUp, Columns3, SearchX, UserPlus, Users } from "lucide-preact";
import { useContext, useEffect, useMemo, useRef, useState } from "preact/hooks";
import type { Desk } from "../core/desk.js";
import { asApiError } from "../core/error.js";
import { LeadSearch } from "../core/leadsearch.js";
import type { ConditionJson, LeadFieldJson, LeadListJson } from "../gen/converse/v1/lead_pb.js";
import type { LeadJson } from "../gen/converse/v1/types_pb.js";
import { EmptyState } from "../ui/EmptyState.js";
import { CheckList } from "../ui/form/CheckList.js";
import { TextInput } from "../ui/form/TextInput.js";
import "../ui/form/form.css";
import { Dialog } from "../ui/Dialog.js";
import { Icon } from "../ui/Icon.js";
import { later } from "../ui/later.js";
import { Skeleton } from "../ui/Skeleton.js";
import { s } from "../ui/strings.js";
import { errorText, ToastContext } from "../ui/toasts.js";
import { BulkBar } from "./leads/BulkBar.js";
import { FilterBar } from "./leads/FilterBar.js";
import { LeadDialog } from "./leads/LeadDialog.js";
import { LeadsHead } from "./leads/LeadsHead.js";
import { LeadTable } from "./leads/LeadTable.js";
import { ListPicker } from "./leads/ListPicker.js";
import { l } from "./leads/strings.js";
import "./leads/leads.css";
import "./Leads.css";
import "./pages.css";
import { go, paths } from "./router.js";
import type { ExportOf } from "./transfer/ExportDialog.js";
import { t } from "./transfer/strings.js";
import { useLoad } from "./useLoad.js";

const ExportDialog = later(() => import("./transfer/ExportDialog.js").then((m) => m.ExportDialog));

const pageSize = 50;
const columnsKey = "converse.leads.columns";
const usualColumns = ["owner", "stage", "source", "modified_at"];

interface Order {
  sort: string;
  descending: boolean;
}

/** Leads: found, narrowed, put into lists, and changed many at a time. */
export function Leads({ desk }: { desk: Desk }) {
  const toasts = useContext(ToastContext);
  const search = useMemo(() => new LeadSearch(desk.env.clock, desk.call, pageSize), [desk]);
  const query = search.query.value.trim();
  const [list, setList] = useState("");
  const [conditions, setConditions] = useState<ConditionJson[]>([]);
  const [order, setOrder] = useState<Order>({ sort: "modified_at", descending: true });
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const [adding, setAdding] = useState(false);
  const [exporting, setExporting] = useState(false);
  const [created, setCreated] = useState("");
  const [naming, setNaming] = useState(false);
  const [choosing, setChoosing] = useState(false);
  const [shown, setShown] = useState<string[]>(storedColumns);
  const fields = useLoad(() => desk.call("LeadService/ListFields", {}).then((answer) => answer.fields ?? []), [desk]);
  const lists = useLoad(() => desk.call("LeadService/ListLists", {}).then((answer) => answer.lists ?? []), [desk]);
  const ask = (cursor: string) =>
    desk.call("LeadService/ListLeads", { listId: list, filter: { conditions }, ...order, cursor, limit: pageSize });
  const [more, setMore] = useState<{ leads: LeadJson[]; next: string }>();
  const page = useLoad(() => ask("").then((answer) => (setMore(undefined), answer)), [desk, list, conditions, order]);
  const reload = () => {
    setChosen(new Set());
    page.reload();
    lists.reload();
  };
  useRefresh(desk, page.reload);
  // The form goes first: with it goes the question whether to leave it.
  useEffect(() => {
    if (adding && created) setAdding(false);
    else if (created) go(paths.lead(created));
  }, [adding, created]);
  useEffect(() => setChosen(new Set()), [list, conditions, query]);

  const found = query !== "" ? search.records.value : [...(page.data?.leads ?? []), ...(more?.leads ?? [])];
  const next = query !== "" ? "" : (more?.next ?? page.data?.nextCursor ?? "");
  const all = fields.data ?? [];
  const showMore = () =>
    void ask(next).then(
      (answer) => setMore({ leads: [...(more?.leads ?? []), ...(answer.leads ?? [])], next: answer.nextCursor ?? "" }),
      (thrown: unknown) => toasts.fail(asApiError(thrown)),
    );
  const columns = shown.map((name) => all.find((field) => field.name === name)).filter((field): field is LeadFieldJson => Boolean(field));
  return (
    <div class="content">
      <LeadsHead desk={desk} search={search} onAdd={() => setAdding(true)} onExport={() => setExporting(true)} onColumns={() => setChoosing(true)} />
      <div class="leads-tools">
        <ListPicker desk={desk} lists={lists.data ?? []} value={list} onChange={setList} onDeleted={reload} />
        <FilterBar desk={desk} fields={all} conditions={conditions} onChange={setConditions} onSave={() => setNaming(true)} />
        <button type="button" class="btn leads-roomy" onClick={() => setChoosing(true)}>
          <Icon of={Columns3} />
          {l.columns}
        </button>
      </div>
      {chosen.size > 0 && (
        <BulkBar desk={desk} chosen={[...chosen]} lists={lists.data ?? []} list={listOf(lists.data, list)} onClear={() => setChosen(new Set())} onDone={reload} />
      )}
      {page.fault && query === "" ? (
        <EmptyState icon={Users} title={s.search.failed} text={errorText(page.fault)}>
          <button type="button" class="btn" onClick={page.reload}>
            {s.tryAgain}
          </button>
        </EmptyState>
      ) : found.length > 0 ? (
        <LeadTable
          desk={desk}
          leads={found}
          columns={columns}
          order={query === "" ? order : undefined}
          icons={{ up: ArrowUp, down: ArrowDown }}
          onOrder={setOrder}
          chosen={chosen}
          onChoose={setChosen}
          {...(next ? { onMore: showMore } : {})}
        />
      ) : query !== "" && search.state.value === "ready" ? (
        <EmptyState icon={SearchX} title={s.search.none(query)} text={s.search.noneHelp} />
      ) : query === "" && page.data ? (
        <Nothing desk={desk} narrowed={list !== "" || conditions.length > 0} onAdd={() => setAdding(true)} />
      ) : (
        <Skeleton shape="rows" />
      )}
      <div class={query === "" && page.data?.total ? "leads-total meta" : "sr"} role="status">
        {query !== "" ? (search.state.value === "ready" ? s.search.results(found.length) : "") : l.total(page.data?.total ?? 0, page.data?.moreThanTotal ?? false)}
      </div>
      {exporting && <ExportDialog desk={desk} of={exported(listOf(lists.data, list), conditions, [...chosen])} onClose={() => setExporting(false)} />}
      {adding && <LeadDialog desk={desk} fields={all} onCreated={setCreated} onClose={() => setAdding(false)} />}
      {naming && <NameList desk={desk} conditions={conditions} onClose={() => setNaming(false)} onSaved={(made) => (lists.reload(), setConditions([]), setList(made.id ?? ""))} />}
      {choosing && (
        <Dialog title={l.columns} onClose={() => setChoosing(false)}>
          <CheckList
            label={l.columns}
            options={all.filter((field) => field.type !== "identifiers").map((field) => ({ value: field.name ?? "", label: field.label ?? "" }))}
            value={shown}
            onChange={(names) => {
              setShown(names);
              localStorage.setItem(columnsKey, JSON.stringify(names));
            }}
          />
        </Dialog>
      )}
    </div>
  );
}

function listOf(lists: readonly LeadListJson[] | undefined, id: string): LeadListJson | undefined {
  return lists?.find((one) => one.id === id);
}

/** What an export takes: the chosen leads, or what the list and the filters show. */
function exported(list: LeadListJson | undefined, conditions: readonly ConditionJson[], leadIds: readonly string[]): ExportOf {
  if (leadIds.length > 0) return { label: l.selected(leadIds.length), leadIds };
  if (!list && conditions.length === 0) return { label: t.exports.all };
  return { label: list?.name ?? l.filtered, ...(list?.id ? { listId: list.id } : {}), filter: { conditions: [...conditions] } };
}

function storedColumns(): string[] {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(columnsKey) ?? "");
    if (Array.isArray(stored)) return stored.filter((name): name is string => typeof name === "string");
  } catch {
    // nothing was chosen yet, or something else wrote there
  }
  return usualColumns;
}

function Nothing({ desk, narrowed, onAdd }: { desk: Desk; narrowed: boolean; onAdd(): void }) {
  if (narrowed) return <EmptyState icon={SearchX} title={l.noneInList} text={l.noneInListHelp} />;
  return (
    <EmptyState icon={UserPlus} title={s.lead.noLeads} text={s.lead.noLeadsHelp}>
      {desk.rights.creates && (
        <button type="button" class="btn primary" onClick={onAdd}>
          {l.add}
        </button>
      )}
      {desk.rights.imports && (
        <a class="btn" href={paths.import()}>
          {t.short}
        </a>
      )}
    </EmptyState>
  );
}

const refreshMs = 1_500;

/** Loads the page again a moment after leads have changed, however many at once. */
function useRefresh(desk: Desk, reload: () => void): void {
  const latest = useRef(reload);
  latest.current = reload;
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const soon = () => {
      timer ??= setTimeout(() => {
        timer = undefined;
        latest.current();
      }, refreshMs);
    };
    const stop = desk.onLead(soon);
    // Many at once, as an import changes them, are told of without naming them.
    const seen = desk.changes.leads.peek();
    const ignore = desk.changes.leads.subscribe((count) => count !== seen && soon());
    return () => {
      clearTimeout(timer);
      stop();
      ignore();
    };
  }, [desk]);
}

interface NameListProps {
  desk: Desk;
  conditions: readonly ConditionJson[];
  onSaved(list: LeadListJson): void;
  onClose(): void;
}

function NameList({ desk, conditions, onSaved, onClose }: NameListProps) {
  const toasts = useContext(ToastContext);
  const [name, setName] = useState("");
  const [fault, setFault] = useState<string>();
  const save = () =>
    desk.call("LeadService/CreateList", { name, kind: "filter", filter: { conditions: [...conditions] } }).then(
      ({ list }) => {
        toasts.show({ text: l.listSaved(name) });
        onSaved(list ?? {});
        onClose();
      },
      (thrown: unknown) => setFault(errorText(asApiError(thrown))),
    );
  return (
    <Dialog
      title={l.saveAsList}
      onClose={onClose}
      actions={
        <button type="button" class="btn primary" disabled={!name.trim()} onClick={() => void save()}>
          {l.save}
        </button>
      }
    >
      <TextInput label={l.listName} value={name} fault={fault} autofocus onInput={setName} maxLength={100} testId="list-name" />
    </Dialog>
  );
}
