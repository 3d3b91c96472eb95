import { ArrowUp, Plus, Trash2 } from "lucide-preact";
import type { User } from "../../core/model.js";
import type { ConnectorNumberJson, FoundNumberJson, ProviderJson } from "../../gen/converse/v1/connector_pb.js";
import { Select, type Option } from "../../ui/form/Select.js";
import { TextInput } from "../../ui/form/TextInput.js";
import { Icon } from "../../ui/Icon.js";
import { IconButton } from "../../ui/IconButton.js";
import { Phone } from "../../ui/Phone.js";
import { s } from "../../ui/strings.js";
import { numberOf, numbersHaveUsers, sameNumber } from "./draft.js";
import { w } from "./strings.js";

export interface NumbersEditorProps {
  provider: ProviderJson;
  /** Whose a number can be. */
  users: readonly User[];
  numbers: ConnectorNumberJson[];
  /** Those that the provider told of; undefined before it was asked. */
  found: FoundNumberJson[] | undefined;
  faults: Readonly<Record<string, string>>;
  onChange(numbers: ConnectorNumberJson[]): void;
}

/** The numbers of an account: taken over from the provider by a click, or typed. */
export function NumbersEditor({ provider, users, numbers, found, faults, onChange }: NumbersEditorProps) {
  const channels = provider.channels ?? [];
  const set = (at: number, change: Partial<ConnectorNumberJson>) => onChange(numbers.map((n, i) => (i === at ? { ...n, ...change } : n)));
  const raise = (at: number) => onChange(numbers.map((n, i) => (i === at - 1 ? numbers[at]! : i === at ? numbers[at - 1]! : n)));
  return (
    <div class="connector-numbers">
      {found && (
        <section class="form-section">
          <h3>{w.found}</h3>
          {found.length === 0 && <p class="meta">{w.noneFound}</p>}
          <ul data-testid="found-numbers">
            {found.map((one) => {
              const number = numberOf(one, provider);
              const there = numbers.some((other) => sameNumber(other, number));
              return (
                <li key={`${one.channel}${one.address}`} class="connector-found">
                  <span class="grow">
                    <span class="num">
                      <Phone value={one.address ?? ""} />
                    </span>
                    <span class="meta">{one.label}</span>
                    {one.note && <span class="meta connector-warns">{one.note}</span>}
                  </span>
                  <button type="button" class="btn small" disabled={there} onClick={() => onChange([...numbers, number])}>
                    {there ? w.added : w.add} <span class="sr">{one.address}</span>
                  </button>
                </li>
              );
            })}
          </ul>
        </section>
      )}
      <p class="meta">{w.numbersHelp}</p>
      {faults.numbers && (
        <p class="form-fault" role="alert">
          {faults.numbers}
        </p>
      )}
      <ol class="connector-list" data-testid="numbers">
        {numbers.map((number, i) => (
          <li key={number.id || i} class="connector-number">
            <TextInput
              label={w.number}
              help={number.id ? undefined : w.numberHelp}
              type="tel"
              value={number.address ?? ""}
              disabled={Boolean(number.id)}
              fault={faults[`numbers[${i}].address`]}
              testId="number-address"
              onInput={(address) => set(i, { address: address.replaceAll(/[\s()-]/g, "") })}
            />
            {channels.length > 1 && (
              <Select
                label={w.channel}
                value={number.channel ?? "sms"}
                disabled={Boolean(number.id)}
                options={channels.map((channel) => ({ value: channel, label: s.channel(channel as "sms" | "whatsapp") }))}
                onChange={(channel) => set(i, { channel })}
              />
            )}
            <TextInput label={w.label} optional value={number.label ?? ""} fault={faults[`numbers[${i}].label`]} testId="number-label" onInput={(label) => set(i, { label })} />
            {provider.ref && (
              <TextInput
                label={provider.ref.label || w.ref}
                optional={!provider.ref.required}
                value={number.ref ?? ""}
                fault={faults[`numbers[${i}].ref`]}
                testId="number-ref"
                onInput={(ref) => set(i, { ref })}
              />
            )}
            {numbersHaveUsers(provider) && (
              <Select
                label={w.user}
                help={i === 0 ? w.userHelp : undefined}
                value={number.userId ?? ""}
                fault={faults[`numbers[${i}].userId`]}
                testId="number-user"
                options={owners(users, number.userId ?? "")}
                onChange={(userId) => set(i, { userId })}
              />
            )}
            <span class="connector-number-actions">
              {i === 0 ? <span class="tag">{w.first}</span> : <IconButton icon={ArrowUp} size={16} label={`${w.up} ${number.address}`} onClick={() => raise(i)} />}
              <IconButton icon={Trash2} size={16} label={`${w.drop} ${number.address}`} onClick={() => onChange(numbers.filter((_, other) => other !== i))} />
            </span>
          </li>
        ))}
      </ol>
      <button type="button" class="btn" data-testid="add-number" onClick={() => onChange([...numbers, { channel: channels[0] ?? "sms", address: "", ref: "", label: "" }])}>
        <Icon of={Plus} />
        {w.addNumber}
      </button>
    </div>
  );
}

/** Whom a number can be of: nobody alone, somebody, or whoever has it and has left. */
function owners(users: readonly User[], now: string): Option<string>[] {
  const people = users.map(({ id, name }) => ({ value: id, label: name })).sort((a, b) => a.label.localeCompare(b.label));
  const left = now !== "" && !users.some((user) => user.id === now) ? [{ value: now, label: w.userLeft }] : [];
  return [{ value: "", label: w.everybody }, ...left, ...people];
}
