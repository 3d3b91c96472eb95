import { effect } from "@preact/signals";
import { useContext, useEffect } from "preact/hooks";
import type { Desk } from "../core/desk.js";
import { t } from "./teamWords.js";
import { ToastContext } from "./toasts.js";

/** Says when a colleague asks for the user, or a snooze ends, unless that is on screen already. */
export function useNotices(desk: Desk, onOpen: (conversationId: string) => void): void {
  const toasts = useContext(ToastContext);
  useEffect(
    () =>
      effect(() => {
        const notice = desk.notice.value;
        if (!notice) return;
        const { conversationId, byId } = notice;
        if (desk.active.peek() === conversationId && document.visibilityState === "visible") return;
        const lead = desk.store.get(conversationId)?.data.peek().leadName ?? "";
        toasts.show({
          text: t.notice(notice, desk.colleagues.get(byId)?.name ?? "", lead),
          action: { label: t.open, run: () => onOpen(conversationId) },
          lifeMs: 10_000,
        });
      }),
    [desk],
  );
}
