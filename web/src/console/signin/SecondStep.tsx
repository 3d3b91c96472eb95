import { PageBody } from "../settings/PageBody.js";
import type { SettingsPageProps } from "../settings/pages.js";
import { SecondFactorSection } from "./SecondFactorSection.js";
import { words } from "./strings.js";

/** The user's own second factor as a page. */
export function SecondStep({ desk }: SettingsPageProps) {
  return (
    <PageBody title={words.factor.page}>
      <div class="form">
        <SecondFactorSection call={desk.call} />
      </div>
    </PageBody>
  );
}
