import { Eye, EyeOff } from "lucide-preact";
import { useState } from "preact/hooks";
import { Field } from "../../ui/form/Field.js";
import { IconButton } from "../../ui/IconButton.js";
import { a } from "./accountWords.js";
import { strength } from "./strength.js";

export interface PasswordFieldProps {
  label: string;
  name: string;
  value: string;
  onInput(value: string): void;
  fault?: string | undefined;
  /** How long a new password must be: that, and how strong it is, are shown. */
  min?: number;
  /** It is a new password, of which that may not be known yet. */
  fresh?: boolean;
  testId?: string;
}

/** A password that can be shown, and for a new one a meter. */
export function PasswordField({ label, name, value, onInput, fault, min, fresh = min !== undefined, testId }: PasswordFieldProps) {
  const [shown, setShown] = useState(false);
  return (
    <div class="password">
      <Field label={label} help={min ? a.password.atLeast(min) : undefined} fault={fault} required>
        {(control) => (
          <span class="password-box">
            <input
              {...control}
              class="field"
              type={shown ? "text" : "password"}
              name={name}
              autocomplete={fresh ? "new-password" : "current-password"}
              spellcheck={false}
              value={value}
              data-testid={testId}
              onInput={(event) => onInput(event.currentTarget.value)}
            />
            <IconButton icon={shown ? EyeOff : Eye} label={shown ? a.password.hide : a.password.show} onClick={() => setShown(!shown)} />
          </span>
        )}
      </Field>
      {min !== undefined && value !== "" && <Meter level={strength(value, min)} />}
    </div>
  );
}

function Meter({ level }: { level: 0 | 1 | 2 | 3 | 4 }) {
  return (
    <div class="password-meter" data-level={level}>
      <span class="password-bars" aria-hidden="true">
        {[1, 2, 3, 4].map((bar) => (
          <span key={bar} class={bar <= level ? "on" : ""} />
        ))}
      </span>
      <span class="meta" role="status">
        <span class="sr">{a.password.strength}: </span>
        {a.password.levels[level]}
      </span>
    </div>
  );
}
