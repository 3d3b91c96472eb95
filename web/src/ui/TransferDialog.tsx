import type { ReadonlySignal } from "@preact/signals";
import { Users } from "lucide-preact";
import { useContext, useEffect, useRef, useState } from "preact/hooks";
import { asApiError } from "../core/error.js";
import { matching } from "../core/mentions.js";
import type { PresenceState } from "../core/presence.js";
import type { Given, Taker, Team } from "../core/team.js";
import { Avatar } from "./Avatar.js";
import { Dialog } from "./Dialog.js";
import { Icon } from "./Icon.js";
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

/** A line of the list: a person, or a group with how many it could go to. */
interface Line {
  id: string;
  name: string;
  sees: boolean;
  takers?: number;
}

/** Chooses who gets the lead, a person or a group, and what they should know. */
export function TransferDialog(props: TransferDialogProps) {
  const { team, ownerId } = props;
  const toasts = useContext(ToastContext);
  const list = useRef<HTMLDivElement>(null);
  const [all, setAll] = useState<Line[]>();
  const [failed, setFailed] = useState(false);
  const [find, setFind] = useState("");
  const [chosen, setChosen] = useState("");
  const [comment, setComment] = useState("");
  const [busy, setBusy] = useState(false);
  useEffect(() => {
    const lines = team.everyone().then(({ people, groups }) => [
      ...groups.map((group) => ({ ...group, sees: true })),
      ...people.filter((person) => person.mayTake && person.id !== ownerId).map(({ id, name, sees }) => ({ id, name, sees })),
    ]);
    lines.then(setAll, () => setFailed(true));
  }, [team, ownerId]);
  const takers = matching(all ?? [], find.trim());
  const taker = takers.find(({ id }) => id === chosen);

  const submit = async () => {
    if (!taker || busy) return;
    setBusy(true);
    const to: Taker = taker.takers === undefined ? { userId: taker.id } : { groupId: taker.id };
    try {
      props.onDone(await team.transfer(props.leadId, to, comment.trim()));
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
          <button type="button" class="btn primary" disabled={!taker || busy} data-testid="transfer-submit" onClick={() => void submit()}>
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
          onKeyDown={(event) => {
            const first = takers[0];
            if (event.key !== "ArrowDown" || !first) return;
            event.preventDefault();
            setChosen(taker?.id ?? first.id);
            list.current?.querySelector<HTMLInputElement>(taker ? ":checked" : "input")?.focus();
          }}
        />
        {failed && <p class="quiet">{t.transfer.failed}</p>}
        {!all && !failed && <Skeleton shape="lines" count={3} />}
        {all && takers.length === 0 && <p class="quiet">{t.transfer.none}</p>}
        <div ref={list} class="team-people scroll" role="radiogroup" aria-label={t.transfer.owner}>
          {takers.map((line) => (
            <label key={line.id} class="team-person">
              <input
                type="radio"
                name="owner"
                checked={chosen === line.id}
                data-testid={line.takers === undefined ? "transfer-person" : "transfer-group"}
                onChange={() => setChosen(line.id)}
              />
              {line.takers === undefined ? <Avatar name={line.name} id={line.id} size="small" /> : <GroupMark />}
              <span class="grow clip">{line.name}</span>
              <span class="meta">{line.takers === undefined ? s.presence[props.presenceOf(line.id).value] : t.transfer.group(line.takers)}</span>
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

function GroupMark() {
  return (
    <span class="team-group">
      <Icon of={Users} />
    </span>
  );
}
