import { ChevronDown } from "lucide-preact";
import type { LeadFieldJson } from "../../gen/converse/v1/lead_pb.js";
import { Icon } from "../../ui/Icon.js";
import { example } from "./example.js";
import { p } from "./strings.js";
import { maskable } from "./template.js";

export interface MaskTableProps {
  /** By field: ends or all. */
  masks: Readonly<Record<string, string>>;
  /** The org's own fields. */
  custom: readonly LeadFieldJson[];
  onChange(masks: Record<string, string>): void;
}

/** Which fields are hidden and how, each with what is left to see. */
export function MaskTable({ masks, custom, onChange }: MaskTableProps) {
  const label = (field: string) => custom.find((one) => one.name === field)?.label || p.field(field);
  // One that was archived stays in sight while it is hidden.
  const fields = [...new Set([...maskable, ...custom.map((field) => field.name ?? ""), ...Object.keys(masks)])];
  const set = (field: string, mask: string) => {
    const { [field]: _, ...others } = masks;
    onChange(mask === "" ? others : { ...others, [field]: mask });
  };
  return (
    <div class="people-masks">
      {fields.map((field) => {
        const mask = masks[field] ?? "";
        const choices = [
          { value: "", label: p.template.shown },
          ...(field === "phone" || field === "email" ? [{ value: "ends", label: p.template.ends }] : []),
          { value: "all", label: p.template.all },
        ];
        return (
          <div key={field} class="people-mask-row" data-testid={`mask-${field}`}>
            <label class="people-mask-field" for={`mask-${field}`}>
              {label(field)}
            </label>
            <span class="form-select">
              <select id={`mask-${field}`} class="field" value={mask} onChange={(event) => set(field, event.currentTarget.value)}>
                {choices.map((choice) => (
                  <option key={choice.value} value={choice.value}>
                    {choice.label}
                  </option>
                ))}
              </select>
              <Icon of={ChevronDown} />
            </span>
            <output class={`people-example num ${mask === "" ? "" : "people-hidden"}`} for={`mask-${field}`} aria-label={p.template.example}>
              {example(field, mask)}
            </output>
          </div>
        );
      })}
    </div>
  );
}
