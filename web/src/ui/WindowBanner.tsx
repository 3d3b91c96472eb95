import { Clock, LayoutTemplate, LockKeyhole, MessageSquareText } from "lucide-preact";
import type { Template } from "../core/model.js";
import { pieces } from "../core/templates.js";
import type { WindowState } from "../core/window.js";
import { timeLeft } from "./format.js";
import { Icon } from "./Icon.js";
import { s } from "./strings.js";

export interface WindowBannerProps {
  window: WindowState;
  now: number;
  leadName: string;
  /** What was written before the window closed. */
  draft: string;
  /** The best template, absent while loading and when there is none. */
  best: Template | undefined;
  loaded: boolean;
  /** What is known of its variables. */
  values: Record<string, string>;
  mayUseSms: boolean;
  onOffer(template: Template): void;
  onChoose(): void;
  onSms(): void;
}

/** WhatsApp's window: when it closes, and the ways on when it has. */
export function WindowBanner(props: WindowBannerProps) {
  const { window, now } = props;
  if (window.kind === "none" || window.kind === "open") return null;
  if (window.kind === "closing") {
    return (
      <div class="strip strip-thin strip-amber" data-testid="window-closing">
        <Icon of={Clock} />
        <span class="grow num">{s.window.closing(timeLeft(window.until, now))}</span>
      </div>
    );
  }
  return <Closed {...props} title={window.kind === "never" ? s.window.never : s.window.closed} />;
}

// Takes the composer's place: nothing can be written freely now.
function Closed({ title, leadName, draft, best, loaded, values, mayUseSms, onOffer, onChoose, onSms }: WindowBannerProps & { title: string }) {
  return (
    <section class="closed" aria-label={title} data-testid="window-closed">
      <div class="closed-head">
        <Icon of={LockKeyhole} />
        <span class="closed-title">{title}</span>
      </div>
      <p class="closed-text">{loaded && !best ? s.window.noTemplates : s.window.closedHelp(leadName)}</p>
      {best && (
        <div class="offer">
          <div class="grow">
            <div class="meta offer-name">
              <Icon of={LayoutTemplate} />
              <span class="clip">{best.name}</span>
            </div>
            <div class="offer-text" dir="auto">
              {pieces(best.body, values)
                .map((piece) => piece.text)
                .join("")}
            </div>
          </div>
          <button type="button" class="btn primary" data-testid="offer-template" onClick={() => onOffer(best)}>
            {s.window.offer}
          </button>
        </div>
      )}
      {draft.trim() !== "" && (
        <div class="closed-draft" data-testid="kept-draft">
          <span class="meta">{s.window.draftKept}</span>
          <p dir="auto">{draft}</p>
        </div>
      )}
      <div class="closed-actions">
        <button type="button" class="btn small" data-testid="templates-button" onClick={onChoose}>
          <Icon of={LayoutTemplate} />
          {s.window.others}
        </button>
        {mayUseSms && (
          <button type="button" class="btn small" data-testid="use-sms" onClick={onSms}>
            <Icon of={MessageSquareText} />
            {s.window.sms}
          </button>
        )}
      </div>
    </section>
  );
}
