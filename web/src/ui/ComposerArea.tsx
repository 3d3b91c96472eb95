import type { RefObject } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { Conversation, Template } from "../core/model.js";
import { guessValues, rankTemplates } from "../core/templates.js";
import type { ConversationView } from "../core/view.js";
import { Composer } from "./Composer.js";
import { ComposerModes } from "./ComposerModes.js";
import { HeldNotice } from "./HeldNotice.js";
import { NoteComposer } from "./NoteComposer.js";
import { SnoozeStrip } from "./SnoozeStrip.js";
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
  onFiles(files: readonly File[]): void;
  onSms(): void;
  onSend(): void;
  onMode(mode: "reply" | "note"): void;
  onUnsnooze(): void;
}

/** Why nothing, or not everything, can be sent; empty when all can. */
function barrier({ identifier, channel }: Conversation): string {
  if (identifier.invalid) return s.lead.cannotBeReached;
  if (identifier.stops.includes(channel)) return channel === "sms" ? s.lead.stoppedSms : s.lead.stoppedWhatsApp;
  if (identifier.optedOut) return channel === "sms" ? s.lead.optedOutSms : s.lead.optedOutWhatsApp;
  return channel === "whatsapp" && identifier.stops.includes("whatsapp_marketing") ? s.lead.stoppedMarketing : "";
}

/** The composer and what stands over it: held replies, snooze, the window, who is writing. */
export function ComposerArea(props: ComposerAreaProps) {
  const { view, data, input, open, templatesOpen, onTemplates, onSms } = props;
  const [templates, setTemplates] = useState<Template[]>();
  const changed = view.composing.templatesChanged.value;
  useEffect(() => {
    if (open) return;
    view.composing.templates().then(setTemplates, () => setTemplates(undefined));
  }, [open, view, changed]);
  const lead = view.lead.value;
  const best = templates && rankTemplates(templates, view.composing.draft.peek(), view.composing.recentTemplates, navigator.language)[0];
  const mode = view.composing.mode.value;
  const modes = <ComposerModes view={view} onMode={props.onMode} />;
  const by = data.snoozedById === view.userId ? "" : view.team.nameOf(data.snoozedById);
  return (
    <div class="composer-area">
      <HeldNotice items={view.items.value} onSend={() => view.composing.release()} onTakeBack={() => void view.composing.takeBack()} />
      {barrier(data) && (
        <p class="strip strip-amber" role="status" data-testid="composer-note">
          {barrier(data)}
        </p>
      )}
      <SnoozeStrip data={data} now={view.now.value} by={by} onUnsnooze={props.onUnsnooze} />
      {mode === "reply" && <WindowBanner
        window={view.window.value}
        now={view.now.value}
        leadName={lead?.firstName || data.leadName || s.unknownLead}
        draft={view.composing.draft.value}
        best={best}
        loaded={templates !== undefined}
        values={best ? guessValues(best, lead, view.userName) : {}}
        mayUseSms={lead?.identifiers.some((identifier) => identifier.kind === "phone") ?? false}
        onOffer={onTemplates}
        onChoose={() => onTemplates()}
        onSms={onSms}
      />}
      {mode === "note" && (
        <NoteComposer
          key="note"
          leadName={data.leadName || s.unknownLead}
          text={view.composing.noteDraft}
          input={input}
          colleagues={() => view.team.colleagues()}
          onText={(text) => view.composing.writeNote(text)}
          onAdd={(mentionIds) => view.composing.addNote(mentionIds)}
          hint={modes}
        />
      )}
      {mode === "reply" && !open && modes}
      {mode === "reply" && open && (
        <Composer
          key="reply"
          channel={data.channel}
          leadName={data.leadName || s.unknownLead}
          text={view.composing.draft}
          templatesOpen={templatesOpen}
          input={input}
          onText={(text) => view.composing.write(text)}
          onSend={props.onSend}
          onFocused={(focused) => view.composing.focused(focused)}
          onTemplates={() => onTemplates()}
          attachments={view.composing.attached.value}
          attach={() => view.composing.attach()}
          onFiles={props.onFiles}
          hint={modes}
        />
      )}
    </div>
  );
}
