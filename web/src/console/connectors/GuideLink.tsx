import { ExternalLink } from "lucide-preact";
import { Icon } from "../../ui/Icon.js";
import { s } from "../../ui/strings.js";
import { w } from "./strings.js";

/** Leads, in a page of its own beside the form, to how a provider is connected step by step. */
export function GuideLink({ provider }: { provider: string }) {
  return (
    <a class="guide-link" href={`/guides/${provider}`} target="_blank" rel="noopener" data-testid={`guide-${provider}`}>
      {w.guide}
      <span class="sr">{w.guideOf(s.provider(provider))}</span>
      <Icon of={ExternalLink} />
    </a>
  );
}
