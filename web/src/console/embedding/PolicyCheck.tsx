import { CircleCheck, CircleX } from "lucide-preact";
import { useState } from "preact/hooks";
import { TextInput } from "../../ui/form/TextInput.js";
import { Icon } from "../../ui/Icon.js";
import { judge } from "./policy.js";
import { e } from "./strings.js";

/** Says what a pasted content policy lacks. */
export function PolicyCheck({ home }: { home: string }) {
  const [policy, setPolicy] = useState("");
  const verdicts = policy.trim() === "" ? [] : judge(policy, home);
  const fine = verdicts.every((verdict) => verdict.missing.length === 0);
  return (
    <div class="policy-check">
      <TextInput label={e.checkLabel} help={e.checkHelp} value={policy} rows={3} onInput={setPolicy} testId="policy" />
      <p class={`policy-verdict ${fine ? "" : "form-fault"}`} role="status">
        {verdicts.length > 0 && (fine ? e.allFine : e.notFine)}
      </p>
      {verdicts.length > 0 && (
        <ul class="policy-verdicts" data-testid="verdicts">
          {verdicts.map(({ directive, missing, nonce }) => (
            <li key={directive} class={missing.length > 0 ? "policy-lacks" : ""}>
              <Icon of={missing.length > 0 ? CircleX : CircleCheck} />
              <span>
                <code>{directive}</code> {missing.length > 0 ? e.lacks(missing.join(" ")) : nonce ? e.nonce : e.fine}
              </span>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
