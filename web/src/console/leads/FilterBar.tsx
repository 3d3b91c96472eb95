import { ListFilterPlus, X } from "lucide-preact";
import { useState } from "preact/hooks";
import type { Desk } from "../../core/desk.js";
import type { ConditionJson, LeadFieldJson } from "../../gen/converse/v1/lead_pb.js";
import { Dialog } from "../../ui/Dialog.js";
import { Select } from "../../ui/form/Select.js";
import { TextInput } from "../../ui/form/TextInput.js";
import { Icon } from "../../ui/Icon.js";
import { choicesOf, inWords, opsOf, optedOutField } from "./fields.js";
import { l } from "./strings.js";

export interface FilterBarProps {
  desk: Desk;
  fields: readonly LeadFieldJson[];
  conditions: readonly ConditionJson[];
  onChange(conditions: ConditionJson[]): void;
  onSave(): void;
}

/** The filters as chips, one more, and saving them as a list. */
export function FilterBar({ desk, fields, conditions, onChange, onSave }: FilterBarProps) {
  const [adding, setAdding] = useState(false);
  const known = [...fields, optedOutField];
  return (
    <div class="leads-filters">
      {conditions.map((condition, n) => {
        const words = inWords(desk, known, condition);
        return (
          <button
            key={`${n}-${words}`}
            type="button"
            class="chip"
            aria-label={l.remove(words)}
            data-testid="filter-chip"
            onClick={() => onChange(conditions.filter((_, other) => other !== n))}
          >
            {words}
            <Icon of={X} />
          </button>
        );
      })}
      <button type="button" class="btn" data-testid="add-filter" onClick={() => setAdding(true)}>
        <Icon of={ListFilterPlus} />
        {l.filter}
      </button>
      {conditions.length > 0 && (
        <button type="button" class="btn" onClick={onSave}>
          {l.saveAsList}
        </button>
      )}
      {adding && (
        <FilterDialog
          desk={desk}
          fields={known.filter((field) => !field.masked)}
          onClose={() => setAdding(false)}
          onAdd={(condition) => {
            setAdding(false);
            onChange([...conditions, condition]);
          }}
        />
      )}
    </div>
  );
}

interface FilterDialogProps {
  desk: Desk;
  fields: readonly LeadFieldJson[];
  onAdd(condition: ConditionJson): void;
  onClose(): void;
}

function FilterDialog({ desk, fields, onAdd, onClose }: FilterDialogProps) {
  const [name, setName] = useState("stage");
  const field = fields.find((one) => one.name === name) ?? fields[0] ?? optedOutField;
  const ops = opsOf(field.type ?? "");
  const [op, setOp] = useState("is");
  const chosenOp = ops.includes(op) ? op : (ops[0] ?? "is");
  const choices = choicesOf(desk, field);
  const [value, setValue] = useState("");
  const chosen = choices && !choices.some((one) => one.value === value) ? (choices[0]?.value ?? "") : value;
  const needsValue = chosenOp !== "empty" && chosenOp !== "filled";
  const add = () => {
    if (needsValue && !chosen.trim()) return;
    onAdd({ field: field.name ?? "", op: chosenOp, ...(needsValue ? { values: [chosen.trim()] } : {}) });
  };
  return (
    <Dialog
      title={l.filter}
      onClose={onClose}
      testId="filter-dialog"
      actions={
        <button type="button" class="btn primary" disabled={needsValue && !chosen.trim()} onClick={add}>
          {l.apply}
        </button>
      }
    >
      <form
        class="form"
        onSubmit={(event) => {
          event.preventDefault();
          add();
        }}
      >
        <Select
          label={l.filterField}
          value={field.name ?? ""}
          options={fields.map((one) => ({ value: one.name ?? "", label: one.label ?? "" }))}
          onChange={(next) => {
            setName(next);
            setValue("");
          }}
          testId="filter-field"
        />
        <Select label={l.filterOp} value={chosenOp} options={ops.map((one) => ({ value: one, label: l.ops[one] ?? one }))} onChange={setOp} />
        {needsValue &&
          (choices ? (
            <Select label={l.filterValue} value={chosen} options={choices} onChange={setValue} testId="filter-value" />
          ) : (
            <TextInput
              label={l.filterValue}
              value={value}
              type={field.type === "date" || field.type === "time" ? "date" : field.type === "number" ? "number" : "text"}
              onInput={setValue}
              testId="filter-value"
            />
          ))}
      </form>
    </Dialog>
  );
}
