import { useState } from "preact/hooks";
import { CheckList } from "../../ui/form/CheckList.js";
import { Radio } from "../../ui/form/Radio.js";
import { Select } from "../../ui/form/Select.js";
import { Switch } from "../../ui/form/Switch.js";
import { TextInput, type TextInputProps } from "../../ui/form/TextInput.js";
import { clock, minutes, split, type Choices, type Rule } from "./rules.js";
import { r } from "./strings.js";

export interface RuleFormProps {
  rule: Rule;
  choices: Choices;
  faults: Readonly<Record<string, string>>;
  /** Where the rule's faults are named: "rules[2]." */
  place: string;
  onChange(change: Partial<Rule>): void;
}

/** What a rule asks, and who gets the lead. */
export function RuleForm({ rule, choices, faults, place, onChange }: RuleFormProps) {
  return (
    <div class="form rule-form">
      <TextInput label={r.name} value={rule.name ?? ""} maxLength={80} fault={faults[`${place}name`]} onInput={(name) => onChange({ name })} testId="rule-name" />
      <Conditions rule={rule} choices={choices} onChange={onChange} />
      <Radio
        label={r.target}
        value={rule.target ?? "online"}
        options={Object.entries(r.targets).map(([value, label]) => ({ value, label }))}
        onChange={(target) => onChange({ target })}
        testId="rule-target"
      />
      <Target rule={rule} choices={choices} faults={faults} place={place} onChange={onChange} />
      {rule.target !== "nobody" && <Switch label={r.waits} help={r.waitsHelp} value={rule.waits ?? false} onChange={(waits) => onChange({ waits })} />}
      <Switch label={r.active} value={rule.active ?? false} onChange={(active) => onChange({ active })} />
    </div>
  );
}

function Conditions({ rule, choices, onChange }: Pick<RuleFormProps, "rule" | "choices" | "onChange">) {
  const field = rule.fields?.[0];
  const fields = Object.entries(r.fields).map(([value, label]) => ({ value, label }));
  const known = !field?.field || field.field in r.fields;
  return (
    <>
      <Select
        label={r.channel}
        value={rule.channel ?? ""}
        options={[{ value: "", label: r.anyChannel }, ...Object.entries(r.channels).map(([value, label]) => ({ value, label }))]}
        onChange={(channel) => onChange({ channel })}
      />
      <Several label={r.words} help={r.wordsHelp} optional value={rule.words ?? []} onChange={(words) => onChange({ words })} testId="rule-words" />
      <div class="form-row">
        <Select
          label={r.field}
          value={field?.field ?? ""}
          options={[{ value: "", label: r.fieldNone }, ...fields, ...(known ? [] : [{ value: field?.field ?? "", label: field?.field ?? "" }])]}
          onChange={(name) => onChange({ fields: name ? [{ field: name, values: field?.values ?? [] }] : [] })}
        />
        {field && (
          <Several
            label={r.fieldValues}
            help={r.fieldValuesHelp}
            value={field.values ?? []}
            onChange={(values) => onChange({ fields: [{ ...field, values }] })}
          />
        )}
      </div>
      {choices.senders.length > 1 && (
        <CheckList
          label={r.senders}
          options={choices.senders.map(({ id, label }) => ({ value: id, label }))}
          value={rule.senderIds ?? []}
          onChange={(senderIds) => onChange({ senderIds })}
        />
      )}
      <Hours rule={rule} onChange={onChange} />
    </>
  );
}

interface SeveralProps extends Omit<TextInputProps, "value" | "onInput"> {
  value: readonly string[];
  onChange(value: string[]): void;
}

/** Several texts in one line. What is typed stays as it is, with a comma at its end too. */
function Several({ value, onChange, ...input }: SeveralProps) {
  const [text, setText] = useState(value.join(", "));
  return (
    <TextInput
      {...input}
      value={text}
      onInput={(next) => {
        setText(next);
        onChange(split(next));
      }}
    />
  );
}

function Hours({ rule, onChange }: Pick<RuleFormProps, "rule" | "onChange">) {
  const { hours } = rule;
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  return (
    <>
      <Switch
        label={r.hours}
        help={hours?.zone}
        value={Boolean(hours)}
        onChange={(on) => onChange(on ? { hours: { from: 9 * 60, upto: 18 * 60, days: [1, 2, 3, 4, 5], zone } } : ({ hours: undefined } as unknown as Partial<Rule>))}
      />
      {hours && (
        <>
          <div class="form-row">
            {(["from", "upto"] as const).map((end) => (
              <label key={end} class="form-field">
                <span class="form-label">{r[end]}</span>
                <input
                  class="field num"
                  type="time"
                  value={clock(hours[end])}
                  onInput={(event) => onChange({ hours: { ...hours, [end]: minutes(event.currentTarget.value) } })}
                />
              </label>
            ))}
          </div>
          <CheckList
            label={r.days}
            options={r.dayNames.map((label, day) => ({ value: String(day), label }))}
            value={(hours.days ?? []).map(String)}
            onChange={(days) => onChange({ hours: { ...hours, days: days.map(Number) } })}
          />
        </>
      )}
    </>
  );
}

function Target({ rule, choices, faults, place, onChange }: RuleFormProps) {
  const groups = choices.groups.map(({ id = "", name = "" }) => ({ value: id, label: name }));
  const group = (
    <Select
      label={r.group}
      value={rule.groupId ?? ""}
      options={[{ value: "", label: rule.target === "group" ? r.chooseGroup : r.anyGroup }, ...groups]}
      fault={faults[`${place}groupId`]}
      onChange={(groupId) => onChange({ groupId, groupLost: false })}
      testId="rule-group"
    />
  );
  switch (rule.target) {
    case "group":
    case "online":
      return group;
    case "user":
      return (
        <Select
          label={r.person}
          value={rule.userId ?? ""}
          options={[{ value: "", label: r.choosePerson }, ...choices.people.map(({ user }) => ({ value: user?.id ?? "", label: user?.name ?? "" }))]}
          fault={faults[`${place}userId`]}
          onChange={(userId) => onChange({ userId })}
          testId="rule-person"
        />
      );
    case "match":
      return (
        <>
          <div class="form-row">
            <TextInput label={r.property} help={r.propertyHelp} value={rule.property ?? ""} fault={faults[`${place}property`]} onInput={(property) => onChange({ property })} testId="rule-property" />
            <TextInput label={r.leadField} help={r.leadFieldHelp} value={rule.leadField ?? ""} fault={faults[`${place}leadField`]} onInput={(leadField) => onChange({ leadField })} testId="rule-field" />
          </div>
          {group}
        </>
      );
  }
  return null;
}
