import { useEffect, useState } from "preact/hooks";
import type { Desk } from "../../core/desk.js";
import { asApiError, type ApiError } from "../../core/error.js";
import type { ImportJson } from "../../gen/converse/v1/transfer_pb.js";

const working = new Set(["checking", "importing", "undoing"]);

/** How often the server is asked how far the work is. */
const askMs = 700;

export interface ImportOnScreen {
  current: ImportJson | undefined;
  fault: ApiError | undefined;
  /** Takes what a call answered. */
  take(next: ImportJson | undefined): void;
  reload(): void;
}

/** An import, asked for again and again while work on it goes on. */
export function useImport(desk: Desk, id: string): ImportOnScreen {
  const [current, setCurrent] = useState<ImportJson>();
  const [fault, setFault] = useState<ApiError>();
  const [asked, setAsked] = useState(0);

  useEffect(() => {
    let over = false;
    let cancel = () => {};
    const ask = async () => {
      try {
        const answer = await desk.call("LeadService/GetImport", { importId: id });
        if (over) return;
        setCurrent(answer.import);
        setFault(undefined);
        if (needsMore(answer.import)) cancel = desk.env.clock.after(askMs, () => void ask());
      } catch (thrown) {
        if (over) return;
        const error = asApiError(thrown);
        // A connection that comes and goes is not told of: the work goes on without us.
        if (error.temporary && asked > 0) cancel = desk.env.clock.after(3 * askMs, () => void ask());
        else setFault(error);
      }
    };
    void ask();
    return () => {
      over = true;
      cancel();
    };
  }, [desk, id, asked]);

  const again = () => setAsked((n) => n + 1);
  return {
    current,
    fault,
    take(next) {
      setCurrent(next);
      if (needsMore(next)) again();
    },
    reload: again,
  };
}

/** Work goes on, or its result is still being written. */
function needsMore(current: ImportJson | undefined): boolean {
  const state = current?.state ?? "";
  return working.has(state) || (state === "cancelled" && !current?.resultPath);
}
