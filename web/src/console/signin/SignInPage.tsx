import type { ComponentType } from "preact";
import type { Desk } from "../../core/desk.js";
import { AccountRules } from "../people/AccountRules.js";
import { paths } from "../router.js";
import { PageBody } from "../settings/PageBody.js";
import type { SettingsPageProps } from "../settings/pages.js";
import { Provider } from "./Provider.js";
import { SecondSteps } from "./SecondSteps.js";
import "./signin.css";
import { words } from "./strings.js";

interface Part {
  /** What stands behind the page's own word in the address. */
  id: string;
  label: string;
  part: ComponentType<{ desk: Desk }>;
}

const parts: readonly Part[] = [
  { id: "", label: words.page.rules, part: AccountRules },
  { id: "second-step", label: words.page.secondStep, part: SecondSteps },
  { id: "single-sign-on", label: words.provider.page, part: Provider },
];

/** How people of the org sign in: passwords and sessions, whom a second step is asked of, and the org's own provider. */
export function SignInPage({ desk, id }: SettingsPageProps) {
  const shown = parts.find((part) => part.id === id) ?? parts[0];
  return (
    <PageBody title={words.page.title} intro={words.page.intro}>
      <nav class="sign-in-parts" aria-label={words.page.title}>
        {parts.map((part) => (
          <a key={part.id} href={paths.settings("sign-in", part.id)} aria-current={part === shown ? "page" : undefined}>
            {part.label}
          </a>
        ))}
      </nav>
      {shown && <shown.part desk={desk} />}
    </PageBody>
  );
}
