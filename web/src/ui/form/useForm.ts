import { useEffect, useRef, useState } from "preact/hooks";
import { asApiError } from "../../core/error.js";
import { errorText } from "../toasts.js";
import { guard } from "./guard.js";

export interface Form<T> {
  values: T;
  dirty: boolean;
  busy: boolean;
  /** What is wrong with a field, by its JSON spelling in the request. */
  faults: Readonly<Record<string, string>>;
  /** What is wrong where no field is named. */
  fault: string | undefined;
  set(change: Partial<T>): void;
  /** Takes what is stored as the new beginning. */
  reset(stored: T): void;
  discard(): void;
  save(): Promise<void>;
}

export interface FormOptions<T> {
  stored: T;
  /** Stores the values. What it throws is shown at the field it names. */
  onSave(values: T): Promise<void>;
  /** Faults found before anything is sent. */
  check?(values: T): Record<string, string>;
  /** Asks before the page is left with unsaved changes. On by default. */
  guarded?: boolean;
}

/** A form's values, what is wrong with them, and saving them. */
export function useForm<T extends object>({ stored, onSave, check, guarded = true }: FormOptions<T>): Form<T> {
  const [base, setBase] = useState(stored);
  const [values, setValues] = useState(stored);
  const [busy, setBusy] = useState(false);
  const [faults, setFaults] = useState<Record<string, string>>({});
  const [fault, setFault] = useState<string>();
  const dirty = JSON.stringify(values) !== JSON.stringify(base);
  const alive = useRef(true);
  useEffect(() => () => void (alive.current = false), []);
  useEffect(() => (guarded && dirty ? guard() : undefined), [guarded, dirty]);

  const clear = () => {
    setFaults({});
    setFault(undefined);
  };
  return {
    values,
    dirty,
    busy,
    faults,
    fault,
    set(change) {
      setValues((before) => ({ ...before, ...change }));
      setFaults((before) => without(before, Object.keys(change)));
      setFault(undefined);
    },
    reset(next) {
      setBase(next);
      setValues(next);
      clear();
    },
    discard() {
      setValues(base);
      clear();
    },
    async save() {
      const found = check?.(values) ?? {};
      if (Object.keys(found).length > 0) return setFaults(found);
      setBusy(true);
      clear();
      try {
        await onSave(values);
        if (alive.current) setBase(values);
      } catch (thrown) {
        if (!alive.current) return;
        const error = asApiError(thrown);
        // "identifiers[0].value" is shown at the whole's field too, in case nothing finer is.
        const whole = error.field.replace(/[[.].*$/, "");
        if (error.field) setFaults({ [whole]: errorText(error), [error.field]: errorText(error) });
        else setFault(errorText(error));
      } finally {
        if (alive.current) setBusy(false);
      }
    },
  };
}

function without(faults: Record<string, string>, keys: readonly string[]): Record<string, string> {
  return Object.fromEntries(Object.entries(faults).filter(([field]) => !keys.includes(field.replace(/[[.].*$/, ""))));
}
