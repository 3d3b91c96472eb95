import { useContext, useState } from "preact/hooks";
import type { Desk } from "../../core/desk.js";
import { asApiError } from "../../core/error.js";
import type { LeadListJson } from "../../gen/converse/v1/lead_pb.js";
import { Confirm } from "../../ui/Confirm.js";
import { Dialog } from "../../ui/Dialog.js";
import { Select } from "../../ui/form/Select.js";
import { TextInput } from "../../ui/form/TextInput.js";
import { s } from "../../ui/strings.js";
import { ToastContext } from "../../ui/toasts.js";
import { l } from "./strings.js";

export interface BulkBarProps {
  desk: Desk;
  chosen: string[];
  lists: readonly LeadListJson[];
  /** The list on screen. */
  list: LeadListJson | undefined;
  onClear(): void;
  onDone(): void;
}

type Asking = "owner" | "stage" | "list" | "delete";

/** What can be done with the leads that were chosen. */
export function BulkBar({ desk, chosen, lists, list, onClear, onDone }: BulkBarProps) {
  const toasts = useContext(ToastContext);
  const [asking, setAsking] = useState<Asking>();
  const [value, setValue] = useState("");
  const run = (work: Promise<{ text: string; undo?: () => void }>) => {
    setAsking(undefined);
    setValue("");
    work.then(
      ({ text, undo }) => {
        toasts.show({ text, ...(undo ? { action: { label: l.undo, run: undo } } : {}) });
        onDone();
      },
      (thrown: unknown) => toasts.fail(asApiError(thrown)),
    );
  };
  const change = async (what: { ownerId?: string; stage?: string }) => {
    const { changed = 0, refused = 0 } = await desk.call("LeadService/BulkUpdateLeads", { leadIds: chosen, ...what });
    return { text: l.changed(changed, refused) };
  };
  const remove = async () => {
    const { deleted = 0, refused = 0 } = await desk.call("LeadService/DeleteLeads", { leadIds: chosen });
    const restore = async () => {
      await desk.call("LeadService/RestoreLeads", { leadIds: chosen });
      return { text: l.restored };
    };
    return { text: l.deleted(deleted, refused), ...(deleted > 0 ? { undo: () => run(restore()) } : {}) };
  };
  const add = async () => {
    let target = lists.find((one) => one.id === value);
    if (!target) target = (await desk.call("LeadService/CreateList", { name: value.trim(), kind: "static" })).list ?? {};
    const { added = 0 } = await desk.call("LeadService/AddToList", { listId: target.id ?? "", leadIds: chosen });
    return { text: l.addedTo(added, target.name ?? "") };
  };
  const takeOut = async () => {
    const { removed = 0 } = await desk.call("LeadService/RemoveFromList", { listId: list?.id ?? "", leadIds: chosen });
    return { text: l.removedFrom(removed) };
  };
  const button = (what: Asking, label: string) => (
    <button type="button" class="btn" onClick={() => (setValue(""), setAsking(what))}>
      {label}
    </button>
  );
  return (
    <div class="leads-bulk" role="region" aria-label={l.selected(chosen.length)} data-testid="bulk-bar">
      <span class="grow" role="status">
        {l.selected(chosen.length)}
      </span>
      {desk.rights.edits && !desk.rights.hides("owner") && button("owner", l.setOwner)}
      {desk.rights.edits && !desk.rights.hides("stage") && button("stage", l.setStage)}
      {button("list", l.addToList)}
      {list?.kind === "static" && (
        <button type="button" class="btn" onClick={() => run(takeOut())}>
          {l.removeFromList}
        </button>
      )}
      {desk.rights.deletes && button("delete", l.delete)}
      <button type="button" class="btn" onClick={onClear}>
        {l.clear}
      </button>
      {asking === "delete" && (
        <Confirm title={l.deleteTitle(chosen.length)} text={l.deleteText} confirm={l.delete} onConfirm={() => run(remove())} onClose={() => setAsking(undefined)} />
      )}
      {asking === "owner" && (
        <Ask title={l.setOwner} onClose={() => setAsking(undefined)} onApply={() => run(change({ ownerId: value }))}>
          <Select
            label={s.lead.owner}
            value={value}
            options={[{ value: "", label: l.nobody }, ...[...desk.colleagues.values()].map((user) => ({ value: user.id, label: user.name }))]}
            onChange={setValue}
            testId="bulk-owner"
          />
        </Ask>
      )}
      {asking === "stage" && (
        <Ask title={l.setStage} onClose={() => setAsking(undefined)} onApply={() => run(change({ stage: value }))}>
          <TextInput label={s.lead.stage} value={value} autofocus onInput={setValue} testId="bulk-stage" />
        </Ask>
      )}
      {asking === "list" && (
        <Ask title={l.addToList} onClose={() => setAsking(undefined)} onApply={() => run(add())} disabled={!value.trim()}>
          <Select
            label={l.list}
            value={lists.some((one) => one.id === value) ? value : ""}
            options={[
              { value: "", label: l.newStatic },
              ...lists.filter((one) => one.kind === "static").map((one) => ({ value: one.id ?? "", label: one.name ?? "" })),
            ]}
            onChange={setValue}
          />
          {!lists.some((one) => one.id === value) && <TextInput label={l.listName} value={value} autofocus onInput={setValue} testId="bulk-list-name" />}
        </Ask>
      )}
    </div>
  );
}

interface AskProps {
  title: string;
  disabled?: boolean;
  onApply(): void;
  onClose(): void;
  children: preact.ComponentChildren;
}

function Ask({ title, disabled = false, onApply, onClose, children }: AskProps) {
  return (
    <Dialog
      title={title}
      onClose={onClose}
      actions={
        <button type="button" class="btn primary" disabled={disabled} onClick={onApply}>
          {l.apply}
        </button>
      }
    >
      <div class="form">{children}</div>
    </Dialog>
  );
}
