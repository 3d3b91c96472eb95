import { useContext, useState } from "preact/hooks";
import type { Desk } from "../../core/desk.js";
import { asApiError } from "../../core/error.js";
import type { RoutingPersonJson } from "../../gen/converse/v1/routing_pb.js";
import { Dialog } from "../../ui/Dialog.js";
import { TextInput } from "../../ui/form/TextInput.js";
import { errorText, ToastContext } from "../../ui/toasts.js";
import { r } from "./strings.js";

const line = /^\s*([a-z][a-z0-9_]*)\s*=\s*(.+?)\s*$/;

/** What rules can know of people. */
export function People({ desk, people, onSaved }: { desk: Desk; people: readonly RoutingPersonJson[]; onSaved(): void }) {
  const [editing, setEditing] = useState<RoutingPersonJson>();
  return (
    <section class="form-section" aria-labelledby="routing-people">
      <h2 id="routing-people">{r.people}</h2>
      <p class="quiet">{r.peopleHelp}</p>
      <ul class="routing-people">
        {people.map((person) => (
          <li key={person.user?.id}>
            <span class="grow">
              {person.user?.name} {person.online && <span class="tag">{r.online}</span>}
            </span>
            <span class="quiet">
              {Object.entries(person.properties ?? {})
                .map(([name, value]) => `${name} = ${value}`)
                .join(", ") || r.noProperties}
            </span>
            <button type="button" class="btn small" aria-label={r.setProperties(person.user?.name ?? "")} onClick={() => setEditing(person)}>
              {r.properties}
            </button>
          </li>
        ))}
      </ul>
      {editing && <Properties desk={desk} person={editing} onClose={() => setEditing(undefined)} onSaved={onSaved} />}
    </section>
  );
}

function Properties({ desk, person, onClose, onSaved }: { desk: Desk; person: RoutingPersonJson; onClose(): void; onSaved(): void }) {
  const toasts = useContext(ToastContext);
  const [text, setText] = useState(
    Object.entries(person.properties ?? {})
      .map(([name, value]) => `${name} = ${value}`)
      .join("\n"),
  );
  const [fault, setFault] = useState("");
  const save = async () => {
    const properties: Record<string, string> = {};
    for (const each of text.split("\n").filter((one) => one.trim())) {
      const [, name, value] = line.exec(each) ?? [];
      if (!name || !value) return setFault(r.badLine(each.trim()));
      properties[name] = value;
    }
    try {
      await desk.call("AdminService/SetUserProperties", { userId: person.user?.id ?? "", properties });
      onClose();
      onSaved();
    } catch (thrown) {
      setFault(errorText(asApiError(thrown)));
      toasts.close();
    }
  };
  return (
    <Dialog
      title={r.setProperties(person.user?.name ?? "")}
      onClose={onClose}
      testId="properties"
      actions={
        <>
          <button type="button" class="btn" onClick={onClose}>
            {r.cancel}
          </button>
          <button type="button" class="btn primary" onClick={() => void save()}>
            {r.save}
          </button>
        </>
      }
    >
      <TextInput label={r.properties} help={r.peopleHelp} rows={5} value={text} fault={fault || undefined} onInput={setText} autofocus />
    </Dialog>
  );
}
