import { useState } from "preact/hooks";
import type { Desk } from "../../core/desk.js";
import { asApiError } from "../../core/error.js";
import type { PreviewRoutingResponseJson } from "../../gen/converse/v1/routing_pb.js";
import { Select } from "../../ui/form/Select.js";
import { TextInput } from "../../ui/form/TextInput.js";
import { errorText } from "../../ui/toasts.js";
import type { Rule } from "./rules.js";
import { r } from "./strings.js";
import type { Sender } from "./useRouting.js";

export interface TryItProps {
  desk: Desk;
  rules: readonly Rule[];
  senders: readonly Sender[];
  dirty: boolean;
}

/** Who would get a lead, and which rule says so. */
export function TryIt({ desk, rules, senders, dirty }: TryItProps) {
  const [text, setText] = useState("");
  const [sender, setSender] = useState(senders[0]?.id ?? "");
  const [field, setField] = useState("");
  const [value, setValue] = useState("");
  const [answer, setAnswer] = useState<PreviewRoutingResponseJson>();
  const [fault, setFault] = useState("");
  const ask = async () => {
    setFault("");
    try {
      setAnswer(await desk.call("AdminService/PreviewRouting", { text, senderId: sender, fields: field ? { [field]: value } : {} }));
    } catch (thrown) {
      setFault(errorText(asApiError(thrown)));
    }
  };
  const nameOf = (id = "") => rules.find((rule) => rule.id === id)?.name ?? "";
  return (
    <section class="form-section try-it" aria-labelledby="try-it">
      <h2 id="try-it">{r.try}</h2>
      <p class="quiet">{r.tryHelp}</p>
      <form
        class="form"
        onSubmit={(event) => {
          event.preventDefault();
          void ask();
        }}
      >
        <TextInput label={r.tryText} value={text} onInput={setText} testId="try-text" />
        {senders.length > 0 && (
          <Select label={r.trySender} value={sender} options={senders.map(({ id, label }) => ({ value: id, label }))} onChange={setSender} />
        )}
        <div class="form-row">
          <TextInput label={r.tryCity} placeholder="custom.city" optional value={field} onInput={setField} />
          <TextInput label={r.tryValue} value={value} onInput={setValue} />
        </div>
        <button type="submit" class="btn">
          {r.ask}
        </button>
      </form>
      {dirty && <p class="meta">{r.unsavedTry}</p>}
      <div role="status" data-testid="try-answer">
        {fault && <p class="form-fault">{fault}</p>}
        {answer && !fault && (
          <>
            <p class="try-who">{answer.ownerName ? r.gets(answer.ownerName) : r.getsNobody}</p>
            <ul class="try-steps">
              {(answer.steps ?? []).map((step) => (
                <li key={step.ruleId}>
                  {nameOf(step.ruleId)} {r.outcomes[step.outcome ?? ""]}
                </li>
              ))}
              {!answer.ruleId && <li>{r.byDefault}</li>}
            </ul>
          </>
        )}
      </div>
    </section>
  );
}
