import { useId } from "preact/hooks";
import "../../ui/form/form.css";
import { Hidden, type HiddenProps } from "./Hidden.js";
import { words } from "./strings.js";

export interface MaskedFieldProps extends HiddenProps {
  label: string;
}

/** A hidden field where others are typed in: its mask, that it stays as it is, and the way to see it once. */
export function MaskedField({ label, ...hidden }: MaskedFieldProps) {
  const id = useId();
  return (
    <div class="form-field" role="group" aria-labelledby={id} data-testid={`masked-${hidden.field}`}>
      <span id={id} class="form-label">
        {label}
      </span>
      <div class="masked-field">{hidden.value ? <Hidden {...hidden} /> : <span class="quiet">{words.empty}</span>}</div>
      <div class="meta">{words.stays}</div>
    </div>
  );
}
