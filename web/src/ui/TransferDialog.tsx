import type { ReadonlySignal } from "@preact/signals";
import { useContext, useEffect, useState } from "preact/hooks";
import { asApiError } from "../core/error.js";
import { matching } from "../core/mentions.js";
import type { PresenceState } from "../core/presence.js";
import type { Colleague, Given, Team } from "../core/team.js";
import { Avatar } from "./Avatar.js";
import { Dialog } from "./Dialog.js";
import { Skeleton } from "./Skeleton.js";
import { s } from "./strings.js";
import { t } from "./teamWords.js";
import { ToastContext } from "./toasts.js";

export interface TransferDialogProps {
  team: Team;
  leadId: string;
  leadName: string;
  ownerId: string;
  presenceOf(userId: string): ReadonlySignal<PresenceState>;
  onDone(given: Given): void;
  onClose(): void;
}

const longest = 4096;

/** Chooses who gets the lead, and what they should know. */
export function TransferDialog(props: TransferDialogProps) {
  const { team, ownerId } = props;
  const toasts = useContext(ToastContext);
  const [all, setAll] = useState<Colleague[]>();
  const [failed, setFailed] = useState(false);
  const [find, setFind] = useState("");
  const [chosen, setChosen] = useState("");
  const [comment, setComment] = useState("");
  const [busy, setBusy] = useState(false);
  useEffect(() => {
    team.colleagues().then(setAll, () => setFailed(true));
  }, [team]);
  const takers = matching((all ?? []).filter((c) => c.mayTake && c.id !== ownerId), find.trim());

  const submit = async () => {
    if (chosen === "" || busy) return;
    setBusy(true);
    try {
      props.onDone(await team.transfer(props.leadId, chosen, comment.trim()));
    } catch (thrown) {
      toasts.fail(asApiError(thrown));
      setBusy(false);
    }
  };

  return (
    <Dialog
      title={t.transfer.title(props.leadName)}
      onClose={props.onClose}
      testId="transfer-dialog"
      actions={
        <>
          <button type="button" class="btn" onClick={props.onClose}>
            {s.cancel}
          </button>
          <button type="button" class="btn primary" disabled={chosen === "" || busy} data-testid="transfer-submit" onClick={() => void submit()}>
            {t.transfer.submit}
          </button>
        </>
      }
    >
      <div class="team-form">
        <p class="quiet">{t.transfer.intro}</p>
        <input
          class="field"
          type="search"
          aria-label={t.transfer.find}
          placeholder={t.transfer.find}
          value={find}
          data-autofocus=""
          data-testid="transfer-find"
          onInput={(event) => setFind(event.currentTarget.value)}
        />
        {failed && <p class="quiet">{t.transfer.failed}</p>}
        {!all && !failed && <Skeleton shape="lines" count={3} />}
        {all && takers.length === 0 && <p class="quiet">{t.transfer.none}</p>}
        <div class="team-people scroll" role="radiogroup" aria-label={t.transfer.owner}>
          {takers.map((person) => (
            <label key={person.id} class="team-person">
              <input
                type="radio"
                name="owner"
                checked={chosen === person.id}
                data-testid="transfer-person"
                onChange={() => setChosen(person.id)}
              />
              <Avatar name={person.name} id={person.id} size="small" />
              <span class="grow clip">{person.name}</span>
              <span class="meta">{s.presence[props.presenceOf(person.id).value]}</span>
            </label>
          ))}
        </div>
        <label class="team-label">
          <span>{t.transfer.comment}</span>
          <textarea
            class="field"
            rows={3}
            maxLength={longest}
            value={comment}
            data-testid="transfer-comment"
            onInput={(event) => setComment(event.currentTarget.value)}
          />
          <span class="meta">{t.transfer.commentHelp}</span>
        </label>
      </div>
    </Dialog>
  );
}
