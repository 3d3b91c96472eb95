import type { RefObject } from "preact";
import { useContext } from "preact/hooks";
import type { Entry } from "../core/entry.js";
import { asApiError } from "../core/error.js";
import type { Template } from "../core/model.js";
import type { ConversationView } from "../core/view.js";
import { Confirm } from "./Confirm.js";
import { later } from "./later.js";
import { s } from "./strings.js";
import { t } from "./teamWords.js";
import { Timeline } from "./Timeline.js";
import { ToastContext } from "./toasts.js";

/** What lies over a conversation; one at a time. */
export type Overlay =
  | { kind: "timeline"; entry: Entry; anchor: RefObject<HTMLElement> }
  | { kind: "picture"; mediaId: string }
  | { kind: "again"; entry: Entry }
  | { kind: "edit-note"; entry: Entry }
  | { kind: "delete-note"; entry: Entry }
  | { kind: "templates"; offered?: Template | undefined };

const TemplatePanel = later(() => import("./TemplatePanel.js").then((m) => m.TemplatePanel));
const EditNoteDialog = later(() => import("./EditNoteDialog.js").then((m) => m.EditNoteDialog));
const MediaViewer = later(() => import("./MediaViewer.js").then((m) => m.MediaViewer));

export interface PaneOverlaysProps {
  view: ConversationView;
  overlay: Overlay | undefined;
  /** Closes it and gives the focus back to the composer. */
  onClose(): void;
}

export function PaneOverlays({ view, overlay, onClose }: PaneOverlaysProps) {
  const toasts = useContext(ToastContext);
  switch (overlay?.kind) {
    case "timeline":
      return <Timeline key={overlay.entry.id} anchor={overlay.anchor} load={() => view.timeline(overlay.entry.id)} exchange={view.exchangeOf(overlay.entry.id)} onClose={onClose} />;
    case "picture":
      return <MediaViewer pictures={picturesOf(view)} start={overlay.mediaId} download={(id) => view.download(id)} onClose={onClose} />;
    case "again":
      return (
        <Confirm
          title={s.bubble.againTitle}
          text={s.bubble.againText}
          confirm={s.bubble.againConfirm}
          onConfirm={() => view.composing.sendAgain(overlay.entry)}
          onClose={onClose}
        />
      );
    case "edit-note":
      return <EditNoteDialog entry={overlay.entry} team={view.team} onClose={onClose} />;
    case "delete-note":
      return (
        <Confirm
          title={t.note.removeTitle}
          text={t.note.removeText}
          confirm={t.note.remove}
          onConfirm={() => void view.team.deleteNote(overlay.entry.id).catch((thrown: unknown) => toasts.fail(asApiError(thrown)))}
          onClose={onClose}
        />
      );
    case "templates":
      return (
        <TemplatePanel
          load={() => view.composing.templates()}
          initial={overlay.offered}
          lead={view.lead.value}
          userName={view.userName}
          draft={view.composing.draft.peek()}
          recent={view.composing.recentTemplates}
          onClose={onClose}
          changes={view.composing.templatesChanged.value}
          headerFile={(kind) => view.composing.headerFile(kind)}
          onSend={(template, values, around) => {
            view.composing.sendTemplate(template, values, around);
            onClose();
          }}
        />
      );
    default:
      return null;
  }
}

function picturesOf(view: ConversationView): { id: string; name: string }[] {
  return view.entries.value
    .filter((entry) => entry.message.kind === "image" || entry.message.kind === "sticker")
    .flatMap((entry) => entry.media.value.filter((media) => media.state === "ready"))
    .map(({ id, name }) => ({ id, name }));
}
