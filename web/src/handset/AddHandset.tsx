import { useSignal } from "@preact/signals";
import { Dices } from "lucide-preact";
import { useEffect, useRef } from "preact/hooks";
import { ApiError } from "./api";
import { create, rows } from "./store";
import { words } from "./words";

const firstNames = ["Amara", "Bilal", "Chloé", "Dmitri", "Esperanza", "Farah", "Goran", "Hana", "Imani", "Jonas", "Kavya", "Lucía", "Mateo", "Nia", "Oskar", "Priya", "Rosa", "Sanjay", "Thandi", "Yuki"];
const lastNames = ["Achebe", "Banerjee", "Costa", "Duarte", "Eriksen", "Fofana", "Grigoryan", "Haddad", "Ito", "Jensen", "Kowalska", "Lindqvist", "Moreau", "Novák", "Okafor", "Park", "Rossi", "Silva", "Tanaka", "Zhou"];

const pick = <T,>(of: T[]): T => of[Math.floor(Math.random() * of.length)] as T;

/** A number nobody has: the exchange 555 of an area code is kept for fiction from 0100 on. */
function freeNumber(): string {
  const taken = new Set([...rows.value.values()].map((row) => row.phone));
  for (let last = 110; last < 200; last++) {
    const number = `+1202555${String(last).padStart(4, "0")}`;
    if (!taken.has(number)) return number;
  }
  return `+1202555${String(1000 + Math.floor(Math.random() * 9000))}`;
}

export function AddHandset({ onDone }: { onDone: () => void }) {
  const name = useSignal("");
  const phone = useSignal("");
  const hide = useSignal(false);
  const problem = useSignal("");
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => field.current?.focus(), []);

  async function submit(event: Event) {
    event.preventDefault();
    try {
      await create({ name: name.value.trim(), phone: phone.value.trim() || freeNumber(), hidePhone: hide.value });
      onDone();
    } catch (error) {
      problem.value = error instanceof ApiError ? error.message : words.offline;
    }
  }

  return (
    <form class="add-form" onSubmit={(event) => void submit(event)}>
      <div class="row-line">
        <label class="grow">
          <span class="meta">{words.addName}</span>
          <input class="field" value={name.value} onInput={(event) => (name.value = event.currentTarget.value)} ref={field} />
        </label>
        <button
          type="button"
          class="icon-btn dice"
          title={words.dice}
          aria-label={words.dice}
          onClick={() => {
            name.value = `${pick(firstNames)} ${pick(lastNames)}`;
            phone.value = freeNumber();
          }}
        >
          <Dices size={20} strokeWidth={1.75} aria-hidden="true" />
        </button>
      </div>
      <label>
        <span class="meta">{words.addPhone}</span>
        <input
          class="field num"
          inputMode="tel"
          placeholder="+1 202 555 0123"
          value={phone.value}
          aria-invalid={problem.value !== ""}
          onInput={(event) => (phone.value = event.currentTarget.value)}
        />
      </label>
      {problem.value && (
        <p class="problem" role="alert">
          {problem.value}
        </p>
      )}
      <label class="check">
        <input type="checkbox" checked={hide.value} onChange={(event) => (hide.value = event.currentTarget.checked)} />
        {words.addHide}
      </label>
      <div class="form-end">
        <button type="button" class="btn small" onClick={onDone}>
          {words.cancel}
        </button>
        <button type="submit" class="btn small primary">
          {words.addGo}
        </button>
      </div>
    </form>
  );
}
