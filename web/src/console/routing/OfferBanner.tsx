import { UserPlus } from "lucide-preact";
import { useContext, useState } from "preact/hooks";
import type { Desk } from "../../core/desk.js";
import { asApiError } from "../../core/error.js";
import { Icon } from "../../ui/Icon.js";
import "../../ui/Strip.css";
import { ToastContext } from "../../ui/toasts.js";
import { r } from "./strings.js";

/** Offers the leads that nobody has. */
export function OfferBanner({ desk }: { desk: Desk }) {
  const toasts = useContext(ToastContext);
  const [busy, setBusy] = useState(false);
  const { count, unserved } = desk.waiting.state.value;
  if (count === 0) return null;
  const take = async (all: boolean) => {
    setBusy(true);
    try {
      const taken = await desk.waiting.take(all);
      toasts.show({ text: taken.length > 0 ? r.offer.taken(taken.length) : r.offer.gone });
    } catch (thrown) {
      toasts.fail(asApiError(thrown));
    } finally {
      setBusy(false);
    }
  };
  return (
    <div class="strip strip-amber" role="region" aria-label={r.offer.region} data-testid="offer">
      <Icon of={UserPlus} />
      <span class="grow strip-text" role="status">
        {r.offer.text(count)} {desk.rights.administers && unserved > 0 && <a href="/settings/routing">{r.offer.unserved}</a>}
      </span>
      <span class="strip-actions">
        <button type="button" class="btn small primary" disabled={busy} onClick={() => void take(false)}>
          {r.offer.one}
        </button>
        {count > 1 && (
          <button type="button" class="btn small" disabled={busy} onClick={() => void take(true)}>
            {r.offer.all}
          </button>
        )}
      </span>
    </div>
  );
}
