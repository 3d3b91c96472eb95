import { useEffect, useRef, useState } from "preact/hooks";
import { asApiError, type ApiError } from "../core/error.js";

export interface Loaded<T> {
  /** Undefined until the first answer. */
  data: T | undefined;
  fault: ApiError | undefined;
  reload(): void;
  /** Asks again behind what is shown, which stays when that fails. */
  refresh(): void;
  /** Shows something at once that the server has just answered elsewhere. */
  put(data: T): void;
}

/** Asks for something when the page opens and when what it depends on changes. */
export function useLoad<T>(ask: () => Promise<T>, inputs: readonly unknown[]): Loaded<T> {
  const [data, setData] = useState<T>();
  const [fault, setFault] = useState<ApiError>();
  const turn = useRef(0);
  const reload = () => {
    const mine = ++turn.current;
    setFault(undefined);
    ask().then(
      (answer) => mine === turn.current && setData(() => answer),
      (thrown: unknown) => mine === turn.current && setFault(asApiError(thrown)),
    );
  };
  useEffect(() => {
    reload();
    // An answer that comes after the page has gone is nobody's.
    return () => void turn.current++;
  }, inputs);
  const refresh = () => {
    const mine = ++turn.current;
    ask().then(
      (answer) => mine === turn.current && (setFault(undefined), setData(() => answer)),
      () => undefined, // what is shown stays
    );
  };
  return { data, fault, reload, refresh, put: (next) => setData(() => next) };
}
