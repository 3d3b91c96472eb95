import { ArrowDown, ArrowUp, GripVertical, Pencil, Trash2, TriangleAlert } from "lucide-preact";
import { Icon } from "../../ui/Icon.js";
import { IconButton } from "../../ui/IconButton.js";
import { RuleForm, type RuleFormProps } from "./RuleForm.js";
import { summary } from "./rules.js";
import { r } from "./strings.js";

export interface RuleCardProps extends RuleFormProps {
  index: number;
  count: number;
  open: boolean;
  onOpen(open: boolean): void;
  onRemove(): void;
  onMove(to: number): void;
  onDrag(on: boolean): void;
  onDropHere(): void;
}

/** One rule: a sentence, and its form when it is open. */
export function RuleCard({ index, count, open, onOpen, onRemove, onMove, onDrag, onDropHere, ...form }: RuleCardProps) {
  const { rule, choices } = form;
  const name = rule.name || r.newRule;
  const warning = rule.groupLost ? r.groupLost : rule.active && rule.target !== "nobody" && rule.id && !rule.reaches ? r.unreachable : "";
  return (
    <li
      class={`card rule ${rule.active ? "" : "rule-off"}`}
      data-testid="rule"
      onDragOver={(event) => event.preventDefault()}
      onDrop={(event) => {
        event.preventDefault();
        onDropHere();
      }}
    >
      <div class="rule-head">
        <button
          type="button"
          class="rule-grip"
          draggable
          aria-label={r.drag(name)}
          title={r.drag(name)}
          onDragStart={() => onDrag(true)}
          onDragEnd={() => onDrag(false)}
          onKeyDown={(event) => {
            const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
            if (!step) return;
            event.preventDefault();
            onMove(index + step);
          }}
        >
          <Icon of={GripVertical} />
        </button>
        <div class="grow rule-text">
          <h3>
            <span class="num meta">{index + 1}</span> {name} {!rule.active && <span class="tag">{r.off}</span>}
          </h3>
          <p>{summary(rule, choices)}</p>
          {warning && (
            <p class="rule-warning" role="note">
              <Icon of={TriangleAlert} /> {warning}
            </p>
          )}
        </div>
        <div class="rule-actions">
          <IconButton icon={ArrowUp} label={r.up(name)} disabled={index === 0} onClick={() => onMove(index - 1)} />
          <IconButton icon={ArrowDown} label={r.down(name)} disabled={index === count - 1} onClick={() => onMove(index + 1)} />
          <IconButton icon={Pencil} label={r.edit(name)} pressed={open} onClick={() => onOpen(!open)} />
          <IconButton icon={Trash2} label={r.remove(name)} onClick={onRemove} />
        </div>
      </div>
      {open && (
        <>
          <RuleForm {...form} />
          <button type="button" class="btn" onClick={() => onOpen(false)}>
            {r.done}
          </button>
        </>
      )}
    </li>
  );
}
