import { useContext, useEffect, useState } from "preact/hooks";
import type { Desk } from "../../core/desk.js";
import { asApiError, type ApiError } from "../../core/error.js";
import type { EmbedOriginJson } from "../../gen/converse/v1/embed_pb.js";
import { ToastContext } from "../../ui/toasts.js";
import { CopyButton } from "../CopyButton.js";
import { PageBody } from "../settings/PageBody.js";
import "./embedding.css";
import { linesOf } from "./policy.js";
import { PolicyCheck } from "./PolicyCheck.js";
import { Sites } from "./Sites.js";
import { e, snippets } from "./strings.js";

/** Where the widget may be, and what a page that includes it needs. */
export function Embedding({ desk }: { desk: Desk }) {
  const toasts = useContext(ToastContext);
  const [sites, setSites] = useState<EmbedOriginJson[]>();
  const [fault, setFault] = useState<ApiError>();
  const load = () => {
    setFault(undefined);
    desk.call("AdminService/ListOrigins", {}).then(
      (answer) => setSites(answer.origins ?? []),
      (thrown: unknown) => setFault(asApiError(thrown)),
    );
  };
  useEffect(load, [desk]);
  const add = async (origin: string) => {
    await desk.call("AdminService/AddOrigin", { origin });
    load();
  };
  const remove = async (origin: string) => {
    try {
      await desk.call("AdminService/RemoveOrigin", { origin });
      toasts.show({ text: e.removed(origin), action: { label: e.undo, run: () => void add(origin) } });
    } catch (thrown) {
      toasts.fail(asApiError(thrown));
    }
    load();
  };
  const home = location.origin;
  const { page, server } = snippets(home);
  return (
    <PageBody title={e.title} intro={e.intro} fault={fault} onRetry={load} loading={!sites}>
      <div class="embedding">
        <Sites sites={sites ?? []} now={desk.now.value} onAdd={add} onRemove={(origin) => void remove(origin)} />
        <section class="form-section">
          <h2>{e.page}</h2>
          <p class="quiet">{e.pageHelp}</p>
          <Code text={page} label={e.page} />
        </section>
        <section class="form-section">
          <h2>{e.server}</h2>
          <p class="quiet">{e.serverHelp}</p>
          <Code text={server} label={e.server} />
        </section>
        <section class="form-section">
          <h2>{e.policy}</h2>
          <p class="quiet">{e.policyHelp}</p>
          <Code text={linesOf(home)} label={e.policy} />
          <PolicyCheck home={home} />
        </section>
      </div>
    </PageBody>
  );
}

/** A piece of text to take along. */
function Code({ text, label }: { text: string; label: string }) {
  return (
    <div class="snippet">
      <pre class="scroll" tabIndex={0} role="region" aria-label={label}>
        <code>{text}</code>
      </pre>
      <CopyButton text={text} />
    </div>
  );
}
