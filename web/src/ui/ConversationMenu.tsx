import { AlarmClock, AlarmClockOff, Ellipsis, MailOpen, UserRoundCheck, UserRoundPlus } from "lucide-preact";
import { useContext, useRef, useState } from "preact/hooks";
import type { Desk } from "../core/desk.js";
import { asApiError } from "../core/error.js";
import type { Given } from "../core/team.js";
import type { ConversationView } from "../core/view.js";
import { dayTime } from "./format.js";
import { IconButton } from "./IconButton.js";
import { later } from "./later.js";
import { Menu, type MenuItem } from "./Menu.js";
import { Popover } from "./Popover.js";
import { s } from "./strings.js";
import { t } from "./teamWords.js";
import { ToastContext } from "./toasts.js";

const TransferDialog = later(() => import("./TransferDialog.js").then((m) => m.TransferDialog));
const SnoozeDialog = later(() => import("./SnoozeDialog.js").then((m) => m.SnoozeDialog));

export interface ConversationMenuProps {
  desk: Desk;
  view: ConversationView;
  /** The conversation goes off the screen: it was snoozed, or is to be read again later. */
  onLeave(): void;
}

const undoMs = 10_000;

/** What can be done with a conversation: give it away, put it off, come back to it. */
export function ConversationMenu({ desk, view, onLeave }: ConversationMenuProps) {
  const toasts = useContext(ToastContext);
  const anchor = useRef<HTMLButtonElement>(null);
  const [open, setOpen] = useState(false);
  const [dialog, setDialog] = useState<"transfer" | "snooze">();
  const data = view.chat.value?.data.value;
  if (!data) return null;
  const { team } = view;
  const fail = (thrown: unknown) => toasts.fail(asApiError(thrown));
  const close = () => setDialog(undefined);
  const name = data.leadName || s.unknownLead;

  const given = (done: Given) => {
    close();
    const undo = () => done.undo().then(() => toasts.show({ text: t.transfer.undone }), fail);
    const mine = done.ownerId === desk.user.id;
    toasts.show({
      text: mine ? t.transfer.taken : t.transfer.done(done.ownerName),
      action: { label: t.transfer.undo, run: () => void undo() },
      lifeMs: undoMs,
    });
  };
  const snooze = (until: Date) => {
    close();
    team.snooze(until).then(() => {
      toasts.show({
        text: t.snooze.done(dayTime(until.getTime(), desk.now.peek())),
        action: { label: t.snooze.undo, run: () => void team.unsnooze().catch(fail) },
        lifeMs: undoMs,
      });
      onLeave();
    }, fail);
  };
  const snoozed = data.snoozedUntil > desk.now.value;
  const take = () => void team.transfer(data.leadId, { userId: desk.user.id }, "").then(given, fail);
  const mayEdit = desk.rights.mayEdit(data.ownerId);
  const items: MenuItem[] = [];
  if (mayEdit && data.ownerId !== desk.user.id) items.push({ label: t.actions.take, icon: UserRoundCheck, onSelect: take });
  if (mayEdit) {
    items.push(
      { label: t.actions.transfer, icon: UserRoundPlus, onSelect: () => setDialog("transfer") },
      { label: snoozed ? t.actions.again : t.actions.snooze, icon: AlarmClock, onSelect: () => setDialog("snooze") },
    );
  }
  items.push({ label: t.actions.markUnread, icon: MailOpen, onSelect: () => void view.markUnread().then(onLeave, fail) });
  if (mayEdit && snoozed) items.push({ label: t.actions.unsnooze, icon: AlarmClockOff, onSelect: () => void team.unsnooze().catch(fail) });

  return (
    <>
      <IconButton
        anchor={anchor}
        icon={Ellipsis}
        label={t.actions.title}
        expanded={open}
        onClick={() => setOpen(!open)}
        testId="conversation-menu"
      />
      {open && (
        <Popover anchor={anchor} label={t.actions.title} role="menu" align="end" onClose={() => setOpen(false)}>
          <Menu
            items={items.map((item) => ({
              ...item,
              onSelect: () => {
                setOpen(false);
                item.onSelect();
              },
            }))}
          />
        </Popover>
      )}
      {dialog === "transfer" && (
        <TransferDialog
          team={team}
          leadId={data.leadId}
          leadName={name}
          ownerId={data.ownerId}
          presenceOf={(id) => desk.presence.of(id)}
          onDone={given}
          onClose={close}
        />
      )}
      {dialog === "snooze" && <SnoozeDialog now={desk.now.peek()} onPick={snooze} onClose={close} />}
    </>
  );
}
