import { Plus, Route } from "lucide-preact";
import { useContext, useEffect, useRef, useState } from "preact/hooks";
import type { Desk } from "../../core/desk.js";
import { EmptyState } from "../../ui/EmptyState.js";
import { SaveBar } from "../../ui/form/SaveBar.js";
import { useForm } from "../../ui/form/useForm.js";
import { Icon } from "../../ui/Icon.js";
import { ToastContext } from "../../ui/toasts.js";
import { PageBody } from "../settings/PageBody.js";
import { People } from "./People.js";
import { RuleCard } from "./RuleCard.js";
import "./routing.css";
import { keyed, move, newRule, stored, type Choices, type Rule } from "./rules.js";
import { r } from "./strings.js";
import { TryIt } from "./TryIt.js";
import { useRouting, type Routing as Loaded } from "./useRouting.js";

/** Who gets leads that nobody owns. */
export function Routing({ desk }: { desk: Desk }) {
  const { data, fault, reload } = useRouting(desk);
  return (
    <PageBody title={r.title} intro={r.intro} fault={fault} onRetry={reload} loading={!data}>
      {data && <Rules key={data.view.version} desk={desk} data={data} onSaved={reload} />}
    </PageBody>
  );
}

function Rules({ desk, data, onSaved }: { desk: Desk; data: Loaded; onSaved(): void }) {
  const { view } = data;
  const toasts = useContext(ToastContext);
  const [open, setOpen] = useState("");
  const [said, setSaid] = useState("");
  const dragged = useRef(-1);
  const form = useForm<{ rules: Rule[] }>({
    stored: { rules: (view.rules ?? []).map(keyed) },
    onSave: async ({ rules }) => {
      await desk.call("AdminService/SaveRoutingRules", { version: view.version ?? 0, rules: rules.map(stored) });
      toasts.show({ text: r.saved });
      onSaved();
    },
  });
  const { rules } = form.values;
  const choices: Choices = { people: view.people ?? [], groups: view.groups ?? [], senders: data.senders };
  const change = (index: number, part: Partial<Rule>) => form.set({ rules: rules.map((rule, i) => (i === index ? { ...rule, ...part } : rule)) });
  const put = (from: number, to: number) => {
    if (to < 0 || to >= rules.length || from === to) return;
    form.set({ rules: move(rules, from, to) });
    setSaid(r.moved(rules[from]?.name ?? "", to + 1, rules.length));
  };
  const add = () => {
    const rule = newRule();
    form.set({ rules: [...rules, rule] });
    setOpen(rule.key);
  };
  // A fault is in a rule that may be closed.
  useEffect(() => {
    const at = Object.keys(form.faults).find((field) => field.startsWith("rules["));
    const key = at && rules[parseInt(at.slice(6), 10)]?.key;
    if (key) setOpen(key);
  }, [form.faults]);
  return (
    <div class="routing">
      {Boolean(view.waiting) && (
        <p class="rule-warning" role="note">
          {view.unserved ? r.unserved(view.unserved) : r.waiting(view.waiting ?? 0)}
        </p>
      )}
      {rules.length === 0 && <EmptyState icon={Route} title={r.none} text={r.noneHelp} />}
      <h2 class="sr" id="rules">
        {r.rules}
      </h2>
      <ol class="rules" aria-labelledby="rules">
        {rules.map((rule, i) => (
          <RuleCard
            key={rule.key}
            rule={rule}
            choices={choices}
            faults={form.faults}
            place={`rules[${i}].`}
            index={i}
            count={rules.length}
            open={open === rule.key}
            onOpen={(on) => setOpen(on ? rule.key : "")}
            onChange={(part) => change(i, part)}
            onRemove={() => form.set({ rules: rules.filter((_, other) => other !== i) })}
            onMove={(to) => put(i, to)}
            onDrag={(on) => (dragged.current = on ? i : -1)}
            onDropHere={() => dragged.current >= 0 && put(dragged.current, i)}
          />
        ))}
        <li class="card rule rule-rest">
          <h3>{r.rest}</h3>
          <p>{r.restText(view.defaultReaches ?? 0)}</p>
        </li>
      </ol>
      <p class="sr" role="status">
        {said}
      </p>
      <button type="button" class="btn" onClick={add} data-testid="add-rule">
        <Icon of={Plus} />
        {r.add}
      </button>
      <SaveBar dirty={form.dirty} busy={form.busy} fault={form.fault ?? form.faults.rules ?? form.faults.version} onSave={() => void form.save()} onDiscard={form.discard} />
      <TryIt desk={desk} rules={rules} senders={data.senders} dirty={form.dirty} />
      <People desk={desk} people={choices.people} onSaved={onSaved} />
    </div>
  );
}
