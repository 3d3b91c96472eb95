import { ArrowLeft, CircleAlert, UserSearch, X } from "lucide-preact";
import { useEffect, useState } from "preact/hooks";
import type { Desk } from "../core/desk.js";
import { asApiError, type ApiError } from "../core/error.js";
import { EmptyState } from "../ui/EmptyState.js";
import { IconButton } from "../ui/IconButton.js";
import { Skeleton } from "../ui/Skeleton.js";
import { s } from "../ui/strings.js";
import { errorText } from "../ui/toasts.js";
import type { WidgetState } from "./state.js";
import { w } from "./strings.js";

export interface PhonePageProps {
  desk: Desk;
  state: WidgetState;
  phone: string;
}

const digitsOf = (text: string): string => text.replace(/\D/g, "");

/** Finds the lead that a page names by a number, and goes there. */
export function PhonePage({ desk, state, phone }: PhonePageProps) {
  const [error, setError] = useState<ApiError>();
  const [none, setNone] = useState(false);
  const find = () => {
    setError(undefined);
    const digits = digitsOf(phone);
    desk.call("LeadService/SearchLeads", { query: digits, limit: 10 }).then(
      (answer) => {
        const lead = (answer.leads ?? []).find((l) =>
          l.identifiers?.some((i) => i.kind === "phone" && digits !== "" && digitsOf(i.value ?? "").endsWith(digits)),
        );
        if (lead?.id) state.page.value = { kind: "lead", id: lead.id };
        else setNone(true);
      },
      (thrown: unknown) => setError(asApiError(thrown)),
    );
  };
  useEffect(find, [desk, phone]);
  return (
    <div class="page page-lead">
      <header class="pane-head chat-head">
        <IconButton icon={ArrowLeft} label={s.back} class="chat-back" onClick={() => (state.page.value = { kind: "list" })} testId="back" />
        <div class="pane-title" />
        <IconButton icon={X} label={s.close} class="chat-close" onClick={() => state.setOpen(false)} testId="close" />
      </header>
      {error ? (
        <EmptyState icon={CircleAlert} title={s.lead.failed} text={errorText(error)}>
          <button type="button" class="btn" onClick={find}>
            {s.tryAgain}
          </button>
        </EmptyState>
      ) : none ? (
        <EmptyState icon={UserSearch} title={w.noLead} text={w.noLeadHelp} testId="no-lead">
          <button type="button" class="btn primary" onClick={() => (state.page.value = { kind: "list" })}>
            {s.list.findLead}
          </button>
        </EmptyState>
      ) : (
        <Skeleton shape="lines" />
      )}
    </div>
  );
}
