import { Trash2 } from "lucide-preact";
import { useContext, useState } from "preact/hooks";
import type { Desk } from "../../core/desk.js";
import { asApiError } from "../../core/error.js";
import type { LeadListJson } from "../../gen/converse/v1/lead_pb.js";
import { Confirm } from "../../ui/Confirm.js";
import { Select } from "../../ui/form/Select.js";
import { IconButton } from "../../ui/IconButton.js";
import { ToastContext } from "../../ui/toasts.js";
import { l } from "./strings.js";

export interface ListPickerProps {
  desk: Desk;
  lists: readonly LeadListJson[];
  value: string;
  onChange(id: string): void;
  onDeleted(): void;
}

/** All leads, or one list of them. */
export function ListPicker({ desk, lists, value, onChange, onDeleted }: ListPickerProps) {
  const toasts = useContext(ToastContext);
  const [asking, setAsking] = useState(false);
  const remove = () =>
    desk.call("LeadService/DeleteList", { listId: value }).then(
      () => {
        toasts.show({ text: l.listDeleted });
        onChange("");
        onDeleted();
      },
      (thrown: unknown) => toasts.fail(asApiError(thrown)),
    );
  const options = lists.map((list) => ({
    value: list.id ?? "",
    label: list.hidden ? `${list.name} – ${l.hiddenField}` : l.counted((list.count ?? 0).toLocaleString(), list.name ?? ""),
    disabled: list.hidden ?? false,
  }));
  return (
    <div class="leads-list">
      <Select label={l.list} value={value} options={[{ value: "", label: l.allLeads }, ...options]} onChange={onChange} testId="list-picker" />
      {value && <IconButton icon={Trash2} label={l.deleteList} onClick={() => setAsking(true)} />}
      {asking && <Confirm title={l.deleteList} text={l.deleteListText} confirm={l.delete} onConfirm={() => void remove()} onClose={() => setAsking(false)} />}
    </div>
  );
}
