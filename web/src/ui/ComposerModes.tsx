import type { Writer } from "../core/presence.js";
import type { ConversationView } from "../core/view.js";
import { keyNames } from "./keys.js";
import { Segmented } from "./Segmented.js";
import { t } from "./teamWords.js";

export interface ComposerModesProps {
  view: ConversationView;
  onMode(mode: "reply" | "note"): void;
}

/** The quiet line over the composer: whom it writes to, and who else is replying. */
export function ComposerModes({ view, onMode }: ComposerModesProps) {
  const writers = view.repliers.value;
  const mode = view.composing.mode.value;
  const both = mode === "reply" && view.composing.draft.value.trim() !== "";
  return (
    <div class="modes" title={t.note.key(keyNames.alt)}>
      <Segmented
        label={t.note.mode}
        value={mode}
        testId="composer-mode"
        onChange={onMode}
        options={[
          { value: "reply", label: t.note.reply },
          { value: "note", label: t.note.note },
        ]}
      />
      <div class={`modes-hint ${both && writers.length > 0 ? "modes-warning" : ""}`} aria-live="polite" data-testid="replying">
        {writers.length > 0 && <Replying writers={writers} both={both} />}
      </div>
    </div>
  );
}

function Replying({ writers, both }: { writers: readonly Writer[]; both: boolean }) {
  return (
    <>
      {writers.some(({ writing }) => writing) && (
        <span class="typing" aria-hidden="true">
          <i />
          <i />
          <i />
        </span>
      )}
      {both ? t.replyingToo(writers) : t.replying(writers)}
    </>
  );
}
