import { ChevronDown } from "lucide-preact";
import type { ReadonlySignal } from "@preact/signals";
import { useContext, useRef, useState } from "preact/hooks";
import { asApiError } from "../core/error.js";
import type { Choice, LeadView } from "../core/leadview.js";
import type { Conversation } from "../core/model.js";
import { ChannelMark } from "./ChannelMark.js";
import { ChoiceList } from "./ChoiceList.js";
import { phone } from "./format.js";
import { Icon } from "./Icon.js";
import { Phone } from "./Phone.js";
import { Popover } from "./Popover.js";
import { Skeleton } from "./Skeleton.js";
import { s } from "./strings.js";
import { errorText, ToastContext } from "./toasts.js";

export interface NumberPickerProps {
  conversation: Conversation;
  lead: LeadView;
  now: ReadonlySignal<number>;
  /** Another conversation was chosen or begun. */
  onOpen(conversationId: string): void;
}

/** Which number of the lead, over which channel; others are one press away. */
export function NumberPicker({ conversation, lead, now, onOpen }: NumberPickerProps) {
  const anchor = useRef<HTMLButtonElement>(null);
  const toasts = useContext(ToastContext);
  const [open, setOpen] = useState(false);
  const [busy, setBusy] = useState<string>();
  const toggle = () => {
    if (!open) void lead.load();
    setOpen(!open);
  };
  const pick = async (choice: Choice) => {
    setBusy(choice.key);
    try {
      const id = await lead.start(choice);
      setOpen(false);
      if (id !== conversation.id) onOpen(id);
    } catch (thrown) {
      toasts.fail(asApiError(thrown));
    } finally {
      setBusy(undefined);
    }
  };
  const current = `${s.channel(conversation.channel)} ${phone(conversation.identifier.value)}`;
  return (
    <>
      <button
        ref={anchor}
        type="button"
        class="number-button num"
        aria-haspopup="dialog"
        aria-expanded={open}
        aria-label={s.picker.open(current)}
        title={s.picker.title}
        data-testid="number-picker"
        onClick={toggle}
      >
        <ChannelMark channel={conversation.channel} silent />
        <span class="clip">
          <Phone value={conversation.identifier.value} />
        </span>
        <Icon of={ChevronDown} />
      </button>
      {open && (
        <Popover anchor={anchor} label={s.picker.title} onClose={() => setOpen(false)} class="number-picker" testId="number-choices">
          {lead.error.value ? (
            <p class="choices-none quiet">{errorText(lead.error.value)}</p>
          ) : lead.lead.value ? (
            <ChoiceList
              choices={lead.choices.value}
              now={now.value}
              current={conversation.id}
              {...(busy ? { busy } : {})}
              onPick={(choice) => void pick(choice)}
            />
          ) : (
            <Skeleton shape="lines" count={3} />
          )}
        </Popover>
      )}
    </>
  );
}
