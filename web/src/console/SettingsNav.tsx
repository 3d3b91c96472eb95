import { s } from "../ui/strings.js";
import { paths } from "./router.js";

/** Between the pages of the settings. */
export function SettingsNav({ current }: { current: "connectors" | "callbacks" }) {
  return (
    <nav class="content-nav" aria-label={s.console.settings}>
      <a href={paths.connectors} aria-current={current === "connectors" ? "page" : undefined}>
        {s.console.connectors}
      </a>
      <a href={paths.callbacks} aria-current={current === "callbacks" ? "page" : undefined}>
        {s.console.callbacks}
      </a>
    </nav>
  );
}
