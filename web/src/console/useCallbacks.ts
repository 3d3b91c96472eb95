import { useContext, useEffect, useState } from "preact/hooks";
import type { Desk } from "../core/desk.js";
import { asApiError, type ApiError } from "../core/error.js";
import { toTime } from "../core/frompb.js";
import type { CallbackJson, ListCallbacksResponse_CountsJson } from "../gen/converse/v1/connector_pb.js";
import { ToastContext } from "../ui/toasts.js";
import { c } from "./strings.js";

export type Result = "" | "shown" | "ignored" | "parked";

export interface Callback {
  id: string;
  provider: string;
  receivedAt: number;
  result: string;
  why: string;
  size: number;
  replays: number;
}

export interface Counts {
  received: number;
  shown: number;
  ignored: number;
  parked: number;
}

/** Stored callbacks by result, their counts, and the replay of parked ones. */
export function useCallbacks(desk: Desk, result: Result) {
  const toasts = useContext(ToastContext);
  const [rows, setRows] = useState<Callback[]>();
  const [counts, setCounts] = useState<Counts>();
  const [cursor, setCursor] = useState("");
  const [fault, setFault] = useState<ApiError>();
  const [busy, setBusy] = useState("");

  const load = async (from: string) => {
    setFault(undefined);
    try {
      const answer = await desk.call("ConnectorService/ListCallbacks", { result, cursor: from });
      const page = (answer.callbacks ?? []).map(toCallback);
      setRows((before) => (from === "" ? page : [...(before ?? []), ...page]));
      setCounts(toCounts(answer.counts));
      setCursor(answer.nextCursor ?? "");
    } catch (thrown) {
      setFault(asApiError(thrown));
    }
  };
  useEffect(() => {
    setRows(undefined);
    void load("");
  }, [desk, result]);

  const replay = async (callback: Callback) => {
    setBusy(callback.id);
    try {
      const answer = await desk.call("ConnectorService/ReplayCallback", { callbackId: callback.id });
      const after = toCallback(answer.callback);
      const parked = after.result === "parked";
      toasts.show({ text: parked ? c.callbacks.stillParked(after.why) : c.callbacks.replayed(c.callbacks.resultName(after.result)), error: parked });
      await load("");
    } catch (thrown) {
      toasts.fail(asApiError(thrown));
    } finally {
      setBusy("");
    }
  };
  const body = async (callback: Callback) => (await desk.call("ConnectorService/GetCallback", { callbackId: callback.id })).body ?? "";

  return { rows, counts, more: cursor !== "", fault, busy, reload: () => void load(""), loadMore: () => void load(cursor), replay, body };
}

function toCallback(json: CallbackJson = {}): Callback {
  return {
    id: json.id ?? "",
    provider: json.provider ?? "",
    receivedAt: toTime(json.receivedAt),
    result: json.result ?? "",
    why: json.why ?? "",
    size: json.size ?? 0,
    replays: json.replays ?? 0,
  };
}

function toCounts(json: ListCallbacksResponse_CountsJson = {}): Counts {
  return { received: json.received ?? 0, shown: json.shown ?? 0, ignored: json.ignored ?? 0, parked: json.parked ?? 0 };
}
