import { KeyRound, Plus } from "lucide-preact";
import { useContext, useState } from "preact/hooks";
import { asApiError } from "../../core/error.js";
import type { ApiKeyJson } from "../../gen/converse/v1/signin_pb.js";
import { Confirm } from "../../ui/Confirm.js";
import { EmptyState } from "../../ui/EmptyState.js";
import { date } from "../../ui/format.js";
import { Icon } from "../../ui/Icon.js";
import { ToastContext } from "../../ui/toasts.js";
import { DataTable, type Column } from "../DataTable.js";
import { PageBody } from "../settings/PageBody.js";
import type { SettingsPageProps } from "../settings/pages.js";
import { useLoad } from "../useLoad.js";
import { When } from "../When.js";
import { NewKey } from "./NewKey.js";
import "./signin.css";
import { words } from "./strings.js";

/** The org's API keys. */
export function ApiKeysPage({ desk }: SettingsPageProps) {
  const toasts = useContext(ToastContext);
  const loaded = useLoad(() => desk.call("AdminService/ListApiKeys", {}), [desk]);
  const [creating, setCreating] = useState(false);
  const [revoking, setRevoking] = useState<ApiKeyJson>();
  const keys = loaded.data?.apiKeys ?? [];
  const revoke = async (key: ApiKeyJson) => {
    try {
      await desk.call("AdminService/RevokeApiKey", { apiKeyId: key.id ?? "" });
      toasts.show({ text: words.keys.revokedDone(key.name ?? "") });
      loaded.reload();
    } catch (thrown) {
      toasts.fail(asApiError(thrown));
    }
  };
  const create = (
    <button type="button" class="btn primary" onClick={() => setCreating(true)}>
      <Icon of={Plus} />
      {words.keys.create}
    </button>
  );
  return (
    <PageBody
      title={words.keys.page}
      intro={words.keys.intro}
      actions={keys.length > 0 && create}
      fault={loaded.fault}
      onRetry={loaded.reload}
      loading={!loaded.data}
    >
      {keys.length === 0 ? (
        <EmptyState icon={KeyRound} title={words.keys.none} text={words.keys.noneHelp}>
          {create}
        </EmptyState>
      ) : (
        <DataTable label={words.keys.page} columns={columns(setRevoking)} rows={keys} keyOf={(key) => key.id ?? ""} testId="api-keys" />
      )}
      {creating && (
        <NewKey
          call={desk.call}
          onClose={() => {
            setCreating(false);
            loaded.reload();
          }}
        />
      )}
      {revoking && (
        <Confirm
          title={words.keys.revokeTitle(revoking.name ?? "")}
          text={words.keys.revokeText}
          confirm={words.keys.revoke}
          onConfirm={() => void revoke(revoking)}
          onClose={() => setRevoking(undefined)}
        />
      )}
    </PageBody>
  );
}

function columns(onRevoke: (key: ApiKeyJson) => void): Column<ApiKeyJson>[] {
  const now = Date.now();
  return [
    {
      key: "name",
      label: words.keys.columns.name,
      sort: (key) => key.name ?? "",
      cell: (key) => (
        <>
          {key.name} <code class="meta key-hint">cvk_…{key.hint}</code>
        </>
      ),
    },
    {
      key: "scopes",
      label: words.keys.columns.scopes,
      class: "wide",
      cell: (key) => (
        <span class="key-scopes">
          {(key.scopes ?? []).map((scope) => (
            <span key={scope} class="tag">
              {words.keys.scopes[scope]?.label ?? scope}
            </span>
          ))}
        </span>
      ),
    },
    { key: "used", label: words.keys.columns.used, class: "tight", sort: (key) => key.lastUsedAt ?? "", cell: (key) => <When at={key.lastUsedAt} now={now} never={words.keys.never} /> },
    { key: "expires", label: words.keys.columns.expires, class: "wide", sort: (key) => key.expiresAt ?? "", cell: (key) => <Expiry of={key} now={now} /> },
    {
      key: "made",
      label: words.keys.columns.made,
      class: "wide",
      sort: (key) => key.createdAt ?? "",
      cell: (key) => (
        <>
          <When at={key.createdAt} now={now} /> <span class="meta">{words.keys.by(key.createdByName ?? "")}</span>
        </>
      ),
    },
    {
      key: "actions",
      label: words.keys.columns.actions,
      silent: true,
      cell: (key) =>
        !key.revokedAt && (
          <button type="button" class="btn small" onClick={() => onRevoke(key)}>
            {words.keys.revoke}
          </button>
        ),
    },
  ];
}

function Expiry({ of: key, now }: { of: ApiKeyJson; now: number }) {
  if (key.revokedAt) return <span class="tag tag-red">{words.keys.revoked}</span>;
  if (!key.expiresAt) return <span class="quiet">{words.keys.never}</span>;
  const at = Date.parse(key.expiresAt);
  return at <= now ? <span class="tag tag-red">{words.keys.expired}</span> : <span>{date(at)}</span>;
}
