import { useContext, useState } from "preact/hooks";
import type { Entry } from "../core/entry.js";
import { asApiError } from "../core/error.js";
import { mentionsIn } from "../core/mentions.js";
import type { Team } from "../core/team.js";
import { Dialog } from "./Dialog.js";
import { s } from "./strings.js";
import { t } from "./teamWords.js";
import { ToastContext } from "./toasts.js";

export interface EditNoteDialogProps {
  entry: Entry;
  team: Team;
  onClose(): void;
}

const longest = 4096;

/** Changes what a note says. */
export function EditNoteDialog({ entry, team, onClose }: EditNoteDialogProps) {
  const toasts = useContext(ToastContext);
  const [text, setText] = useState(entry.latest.text);
  const [busy, setBusy] = useState(false);
  const save = async () => {
    setBusy(true);
    try {
      await team.editNote(entry.id, text.trim(), mentionsIn(text, await team.colleagues()));
      onClose();
    } catch (thrown) {
      toasts.fail(asApiError(thrown));
      setBusy(false);
    }
  };
  return (
    <Dialog
      title={t.note.editTitle}
      onClose={onClose}
      testId="edit-note"
      actions={
        <>
          <button type="button" class="btn" onClick={onClose}>
            {s.cancel}
          </button>
          <button
            type="button"
            class="btn primary"
            disabled={busy || text.trim() === "" || text === entry.latest.text}
            data-testid="edit-note-save"
            onClick={() => void save()}
          >
            {t.note.save}
          </button>
        </>
      }
    >
      <textarea
        class="field team-note"
        rows={5}
        maxLength={longest}
        aria-label={t.note.private}
        value={text}
        data-autofocus=""
        data-testid="edit-note-text"
        onInput={(event) => setText(event.currentTarget.value)}
      />
    </Dialog>
  );
}
