import { CircleAlert, X } from "lucide-preact";
import { Icon } from "./Icon.js";
import { IconButton } from "./IconButton.js";
import { s } from "./strings.js";
import type { Toasts } from "./toasts.js";

/** Where notes appear. The region is always there, so that screen readers hear what enters it. */
export function ToastArea({ toasts }: { toasts: Toasts }) {
  const toast = toasts.current.value;
  return (
    <div class="toasts" role="status" aria-live="polite">
      {toast && (
        <div class={`toast ${toast.error ? "toast-error" : ""}`} data-testid="toast">
          {toast.error && <Icon of={CircleAlert} size={20} />}
          <div class="grow">
            {toast.text}
            {toast.reference && <div class="toast-reference">{s.reference(toast.reference)}</div>}
          </div>
          {toast.action && (
            <button
              type="button"
              class="toast-action"
              onClick={() => {
                toast.action?.run();
                toasts.close();
              }}
            >
              {toast.action.label}
            </button>
          )}
          <IconButton icon={X} size={16} label={s.close} onClick={() => toasts.close()} />
        </div>
      )}
    </div>
  );
}
