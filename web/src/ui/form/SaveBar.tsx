import { words } from "./words.js";

export interface SaveBarProps {
  /** Something differs from what is stored. */
  dirty: boolean;
  busy: boolean;
  onSave(): void;
  onDiscard(): void;
  /** What could not be saved, where no field shows it. */
  fault?: string | undefined;
  label?: string;
  testId?: string;
}

/** Stays at the end of a form's page while there is something to save. */
export function SaveBar({ dirty, busy, onSave, onDiscard, fault, label = words.save, testId = "save-bar" }: SaveBarProps) {
  if (!dirty && !busy && !fault) return null;
  return (
    <div class="save-bar" role="region" aria-label={label} data-testid={testId}>
      <span class={`grow ${fault ? "form-fault" : "meta"}`} role={fault ? "alert" : "status"}>
        {fault || words.unsaved}
      </span>
      <button type="button" class="btn" disabled={busy || !dirty} onClick={onDiscard}>
        {words.discard}
      </button>
      <button type="button" class="btn primary" disabled={busy || !dirty} onClick={onSave}>
        {busy ? words.saving : label}
      </button>
    </div>
  );
}
