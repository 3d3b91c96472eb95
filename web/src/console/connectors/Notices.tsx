import { BellOff, Check } from "lucide-preact";
import { useContext } from "preact/hooks";
import type { Desk } from "../../core/desk.js";
import { asApiError } from "../../core/error.js";
import { EmptyState } from "../../ui/EmptyState.js";
import { Icon } from "../../ui/Icon.js";
import { Phone } from "../../ui/Phone.js";
import { ToastContext } from "../../ui/toasts.js";
import { Loaded } from "../settings/PageBody.js";
import { useChanges } from "../useChanges.js";
import { useLoad } from "../useLoad.js";
import { When } from "../When.js";
import { w } from "./strings.js";

const tones: Record<string, string> = { stop: "tag-red", warning: "tag-amber", info: "" };

/** What the provider said about an account and its numbers. */
export function Notices({ desk, connectorId, onSettled }: { desk: Desk; connectorId: string; onSettled(): void }) {
  const toasts = useContext(ToastContext);
  const { data, fault, reload, refresh } = useLoad(async () => (await desk.call("ConnectorService/ListNotices", { connectorId })).notices ?? [], [connectorId]);
  useChanges(desk.changes.connectors, refresh);
  const settle = (noticeId: string) => {
    desk.call("ConnectorService/SettleNotice", { noticeId }).then(
      () => (reload(), onSettled()),
      (thrown: unknown) => toasts.fail(asApiError(thrown)),
    );
  };
  return (
    <Loaded fault={fault} onRetry={reload} loading={!data}>
      {data?.length === 0 && <EmptyState icon={BellOff} title={w.noNotices} text={w.noNoticesHelp} />}
      <ul class="connector-notices" data-testid="notices">
        {(data ?? []).map((notice) => (
          <li key={notice.id} class={`connector ${notice.settledAt ? "connector-settled" : ""}`}>
            <p class="connector-facts">
              <span class={`tag ${tones[notice.level ?? ""] ?? ""}`}>{w.level[notice.level ?? ""] ?? notice.level}</span>
              {notice.senderAddress && (
                <span class="num">
                  <Phone value={notice.senderAddress} />
                </span>
              )}
              <span class="meta">
                <When at={notice.at} now={desk.now.value} />
              </span>
            </p>
            <p>{notice.text}</p>
            {notice.next && <p class="meta">{notice.next}</p>}
            {notice.settledAt ? (
              <p class="meta">{w.settledBy(notice.settledByName ?? "")}</p>
            ) : (
              <button type="button" class="btn small" onClick={() => settle(notice.id ?? "")}>
                <Icon of={Check} />
                {w.settle}
              </button>
            )}
          </li>
        ))}
      </ul>
    </Loaded>
  );
}
