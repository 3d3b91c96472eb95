import { X } from "lucide-preact";
import type { ComponentChildren } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { IconButton } from "./IconButton.js";
import { s } from "./strings.js";

export interface DialogProps {
  title: string;
  onClose(): void;
  class?: string;
  /** Buttons at the end. */
  actions?: ComponentChildren;
  children: ComponentChildren;
  testId?: string;
}

/** A window that must be answered or closed. The browser keeps the focus inside and gives it back. */
export function Dialog({ title, onClose, class: more = "", actions, children, testId }: DialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  useLayoutEffect(() => {
    const element = dialog.current;
    element?.showModal();
    // What the window is about, not the way out of it.
    element?.querySelector<HTMLElement>("[data-autofocus], .dialog-body button, .dialog-body [tabindex], .dialog-actions button")?.focus();
    return () => element?.close();
  }, []);
  return (
    <dialog
      ref={dialog}
      class={`dialog ${more}`}
      aria-label={title}
      data-testid={testId}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      onKeyDown={(event) => event.key === "Escape" && event.stopPropagation()}
      onClick={(event) => event.target === dialog.current && onClose()}
    >
      <div class="dialog-box">
        <header class="dialog-head">
          <h2 class="grow">{title}</h2>
          <IconButton icon={X} label={s.close} onClick={onClose} />
        </header>
        <div class="dialog-body scroll">{children}</div>
        {actions && <footer class="dialog-actions">{actions}</footer>}
      </div>
    </dialog>
  );
}
