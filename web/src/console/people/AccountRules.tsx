import { useContext } from "preact/hooks";
import type { Desk } from "../../core/desk.js";
import type { AccountPolicyJson } from "../../gen/converse/v1/people_pb.js";
import { SaveBar } from "../../ui/form/SaveBar.js";
import { Select } from "../../ui/form/Select.js";
import { TextInput } from "../../ui/form/TextInput.js";
import { useForm } from "../../ui/form/useForm.js";
import { ToastContext } from "../../ui/toasts.js";
import { Loaded } from "../settings/PageBody.js";
import { useLoad } from "../useLoad.js";
import "./people.css";
import { a } from "./accountWords.js";

const hour = 60;
const day = 24 * hour;
const idleChoices = [15, 30, hour, 4 * hour, 8 * hour, day, 3 * day, 7 * day, 14 * day, 30 * day];
const absoluteChoices = [hour, 8 * hour, day, 3 * day, 7 * day, 14 * day, 30 * day, 90 * day];

/** The org's rules for passwords and sessions. */
export function AccountRules({ desk }: { desk: Desk }) {
  const { data, fault, reload } = useLoad(() => desk.call("AdminService/GetAccountPolicy", {}).then((answer) => answer.policy ?? {}), [desk]);
  return (
    <Loaded fault={fault} onRetry={reload} loading={!data}>
      {data && <Rules desk={desk} policy={data} />}
    </Loaded>
  );
}

function Rules({ desk, policy }: { desk: Desk; policy: AccountPolicyJson }) {
  const toasts = useContext(ToastContext);
  const form = useForm({
    stored: {
      passwordMin: String(policy.passwordMin ?? 12),
      passwordHistory: String(policy.passwordHistory ?? 0),
      absoluteMinutes: policy.absoluteMinutes ?? 14 * day,
      idleMinutes: policy.idleMinutes ?? 3 * day,
    },
    onSave: async ({ passwordMin, passwordHistory, absoluteMinutes, idleMinutes }) => {
      await desk.call("AdminService/SetAccountPolicy", {
        policy: { passwordMin: whole(passwordMin), passwordHistory: whole(passwordHistory), absoluteMinutes, idleMinutes },
      });
      toasts.show({ text: a.securityPage.saved });
    },
  });
  return (
    <div class="people-page">
      <section class="form-section">
        <h2>{a.securityPage.passwords}</h2>
        <p class="quiet">{a.securityPage.always}</p>
        <div class="form-row">
          <TextInput
            label={a.securityPage.min}
            help={a.securityPage.minHelp}
            type="number"
            value={form.values.passwordMin}
            fault={form.faults.passwordMin}
            onInput={(passwordMin) => form.set({ passwordMin })}
            testId="password-min"
          />
          <TextInput
            label={a.securityPage.history}
            help={a.securityPage.historyHelp}
            type="number"
            value={form.values.passwordHistory}
            fault={form.faults.passwordHistory}
            onInput={(passwordHistory) => form.set({ passwordHistory })}
          />
        </div>
      </section>
      <section class="form-section">
        <h2>{a.securityPage.sessions}</h2>
        <p class="quiet">{a.securityPage.sessionsHelp}</p>
        <div class="form-row">
          <Select
            label={a.securityPage.idle}
            value={String(form.values.idleMinutes)}
            options={choices(idleChoices, form.values.idleMinutes)}
            fault={form.faults.idleMinutes}
            onChange={(minutes) => form.set({ idleMinutes: Number(minutes) })}
            testId="idle"
          />
          <Select
            label={a.securityPage.absolute}
            value={String(form.values.absoluteMinutes)}
            options={choices(absoluteChoices, form.values.absoluteMinutes)}
            fault={form.faults.absoluteMinutes}
            onChange={(minutes) => form.set({ absoluteMinutes: Number(minutes) })}
          />
        </div>
      </section>
      <SaveBar dirty={form.dirty} busy={form.busy} fault={form.fault} onSave={() => void form.save()} onDiscard={form.discard} />
    </div>
  );
}

/** What was typed, or 0, which the server refuses in words. */
function whole(text: string): number {
  const value = Number.parseInt(text, 10);
  return Number.isNaN(value) ? 0 : value;
}

function choices(list: readonly number[], now: number) {
  return [...new Set([...list, now])].sort((a, b) => a - b).map((minutes) => ({ value: String(minutes), label: span(minutes) }));
}

/** 90 minutes, 2 hours, 3 days: the largest unit that leaves nothing over. */
function span(minutes: number): string {
  if (minutes % day === 0) return a.securityPage.days(minutes / day);
  return minutes % hour === 0 ? a.securityPage.hours(minutes / hour) : a.securityPage.minutes(minutes);
}
