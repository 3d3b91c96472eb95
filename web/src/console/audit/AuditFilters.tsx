import { useEffect, useState } from "preact/hooks";
import type { Desk } from "../../core/desk.js";
import { Select } from "../../ui/form/Select.js";
import { TextInput } from "../../ui/form/TextInput.js";
import { a, topics } from "./strings.js";

/** What the log is narrowed to; empty words do not narrow. Days are of the viewer's zone. */
export interface Narrowed {
  actorId: string;
  action: string;
  object: string;
  from: string;
  upto: string;
}

export interface AuditFiltersProps {
  desk: Desk;
  value: Narrowed;
  onChange(value: Narrowed): void;
}

const settleMs = 400;

/** Who, what, to which thing, and when. */
export function AuditFilters({ desk, value, onChange }: AuditFiltersProps) {
  const [object, setObject] = useState(value.object);
  useEffect(
    () => (object.trim() === value.object ? undefined : desk.env.clock.after(settleMs, () => onChange({ ...value, object: object.trim() }))),
    [object, value],
  );
  const people = [...desk.colleagues.values()].sort((x, y) => x.name.localeCompare(y.name));
  return (
    <div class="audit-filters" role="search">
      <Select
        label={a.who}
        value={value.actorId}
        options={[{ value: "", label: a.anyone }, ...people.map((user) => ({ value: user.id, label: user.name }))]}
        onChange={(actorId) => onChange({ ...value, actorId })}
        testId="audit-who"
      />
      <Select label={a.what} value={value.action} options={topics} onChange={(action) => onChange({ ...value, action })} testId="audit-what" />
      <TextInput label={a.object} value={object} maxLength={64} onInput={setObject} autocomplete="off" testId="audit-object" />
      <TextInput label={a.from} type="date" value={value.from} onInput={(from) => onChange({ ...value, from })} />
      <TextInput label={a.upto} type="date" value={value.upto} onInput={(upto) => onChange({ ...value, upto })} />
    </div>
  );
}
