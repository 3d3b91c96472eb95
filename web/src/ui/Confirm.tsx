import { Dialog } from "./Dialog.js";
import { s } from "./strings.js";

export interface ConfirmProps {
  title: string;
  text: string;
  confirm: string;
  onConfirm(): void;
  onClose(): void;
}

/** Asks before something that cannot be taken back. */
export function Confirm({ title, text, confirm, onConfirm, onClose }: ConfirmProps) {
  return (
    <Dialog
      title={title}
      onClose={onClose}
      testId="confirm"
      actions={
        <>
          <button type="button" class="btn" onClick={onClose}>
            {s.cancel}
          </button>
          <button
            type="button"
            class="btn primary"
            onClick={() => {
              onConfirm();
              onClose();
            }}
          >
            {confirm}
          </button>
        </>
      }
    >
      <p>{text}</p>
    </Dialog>
  );
}
