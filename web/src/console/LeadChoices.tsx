import type { ReadonlySignal } from "@preact/signals";
import { useContext, useState } from "preact/hooks";
import { asApiError } from "../core/error.js";
import type { Choice, LeadView } from "../core/leadview.js";
import { ChoiceList } from "../ui/ChoiceList.js";
import { ToastContext } from "../ui/toasts.js";

export interface LeadChoicesProps {
  view: LeadView;
  now: ReadonlySignal<number>;
  current: string;
  onOpen(conversationId: string): void;
}

/** The conversations of a lead and the ones that can be begun. */
export function LeadChoices({ view, now, current, onOpen }: LeadChoicesProps) {
  const toasts = useContext(ToastContext);
  const [busy, setBusy] = useState<string>();
  const pick = async (choice: Choice) => {
    setBusy(choice.key);
    try {
      onOpen(await view.start(choice));
    } catch (thrown) {
      toasts.fail(asApiError(thrown));
    } finally {
      setBusy(undefined);
    }
  };
  return (
    <div class="lead-choices">
      <ChoiceList
        choices={view.choices.value}
        now={now.value}
        current={current}
        {...(busy ? { busy } : {})}
        onPick={(choice) => void pick(choice)}
      />
    </div>
  );
}
