import type { RefObject } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { Conversation, Template } from "../core/model.js";
import { guessValues, rankTemplates } from "../core/templates.js";
import type { ConversationView } from "../core/view.js";
import { Composer } from "./Composer.js";
import { HeldNotice } from "./HeldNotice.js";
import { s } from "./strings.js";
import { WindowBanner } from "./WindowBanner.js";

export interface ComposerAreaProps {
  view: ConversationView;
  data: Conversation;
  input: RefObject<HTMLTextAreaElement>;
  /** Whether free-form text may be sent. */
  open: boolean;
  templatesOpen: boolean;
  onTemplates(offered?: Template): void;
  onSms(): void;
}

/** The composer and what stands over it: held replies, the window, who is writing. */
export function ComposerArea({ view, data, input, open, templatesOpen, onTemplates, onSms }: ComposerAreaProps) {
  const [templates, setTemplates] = useState<Template[]>();
  useEffect(() => {
    if (open) return;
    view.templates().then(setTemplates, () => setTemplates(undefined));
  }, [open, view]);
  const lead = view.lead.value;
  const best = templates && rankTemplates(templates, view.draft.peek(), view.recentTemplates, navigator.language)[0];
  const typists = view.typists.value;
  return (
    <div class="composer-area">
      <HeldNotice items={view.items.value} onSend={() => view.release()} onTakeBack={() => void view.takeBack()} />
      <WindowBanner
        window={view.window.value}
        now={view.now.value}
        leadName={lead?.firstName || data.leadName || s.unknownLead}
        draft={view.draft.value}
        best={best}
        loaded={templates !== undefined}
        values={best ? guessValues(best, lead, view.userName) : {}}
        mayUseSms={lead?.identifiers.some((identifier) => identifier.kind === "phone") ?? false}
        onOffer={onTemplates}
        onChoose={() => onTemplates()}
        onSms={onSms}
      />
      {open && (
        <Composer
          channel={data.channel}
          leadName={data.leadName || s.unknownLead}
          text={view.draft}
          templatesOpen={templatesOpen}
          input={input}
          onText={(text) => view.write(text)}
          onSend={() => view.send()}
          onTemplates={() => onTemplates()}
          hint={
            typists.length > 0 && (
              <>
                <span class="typing" aria-hidden="true">
                  <i />
                  <i />
                  <i />
                </span>
                {s.thread.typing(typists)}
              </>
            )
          }
        />
      )}
    </div>
  );
}
