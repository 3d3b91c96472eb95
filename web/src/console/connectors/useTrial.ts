import { useRef, useState } from "preact/hooks";
import type { Desk } from "../../core/desk.js";
import { asApiError } from "../../core/error.js";
import type { ConnectorDraftJson, TestConnectorResponseJson } from "../../gen/converse/v1/connector_pb.js";
import { errorText } from "../../ui/toasts.js";

export interface Trial {
  busy: boolean;
  result: TestConnectorResponseJson | undefined;
  /** What kept the provider from being asked, where no field shows it. */
  fault: string | undefined;
  run(): Promise<void>;
}

/** Tries an account as it is entered, stored or not. A mistake in a field is told of by onFault. */
export function useTrial(desk: Desk, connectorId: string, draft: () => ConnectorDraftJson, onFault: (field: string, text: string) => void): Trial {
  const [busy, setBusy] = useState(false);
  const [result, setResult] = useState<TestConnectorResponseJson>();
  const [fault, setFault] = useState<string>();
  const turn = useRef(0);
  const run = async () => {
    const mine = ++turn.current;
    setBusy(true);
    setFault(undefined);
    setResult(undefined);
    try {
      const answer = await desk.call("ConnectorService/TestConnector", { connectorId, connector: draft() });
      if (mine === turn.current) setResult(answer);
    } catch (thrown) {
      const error = asApiError(thrown);
      setFault(errorText(error));
      if (error.field) onFault(error.field, errorText(error));
    } finally {
      setBusy(false);
    }
  };
  return { busy, result, fault, run };
}
