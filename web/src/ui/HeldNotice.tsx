import { MessageCircleWarning } from "lucide-preact";
import type { OutboxItem } from "../core/outboxitem.js";
import { Icon } from "./Icon.js";
import { s } from "./strings.js";

export interface HeldNoticeProps {
  items: readonly OutboxItem[];
  onSend(): void;
  onTakeBack(): void;
}

/** A reply typed before newer messages were seen waits for the user's word. */
export function HeldNotice({ items, onSend, onTakeBack }: HeldNoticeProps) {
  const held = items.find((item) => item.state === "held");
  if (!held) return null;
  const newer = Math.max(1, held.problem?.newer ?? 1);
  return (
    <div class="strip strip-amber" role="alert" data-testid="held">
      <Icon of={MessageCircleWarning} size={20} />
      <div class="grow">
        <div class="strip-title">{s.held.title(newer)}</div>
        <div class="strip-text">{newer === 1 ? s.held.text : s.held.textMany}</div>
      </div>
      <div class="strip-actions">
        <button type="button" class="btn small" onClick={onTakeBack}>
          {s.held.takeBack}
        </button>
        <button type="button" class="btn small primary" onClick={onSend}>
          {s.held.send}
        </button>
      </div>
    </div>
  );
}
