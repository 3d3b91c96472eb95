import { CircleAlert, MessageCircle } from "lucide-preact";
import type { ComponentChildren } from "preact";
import { useContext, useEffect, useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import type { Entry } from "../core/entry.js";
import { asApiError } from "../core/error.js";
import type { Template } from "../core/model.js";
import type { ConversationView } from "../core/view.js";
import { mayWriteFreely } from "../core/window.js";
import { ComposerArea } from "./ComposerArea.js";
import { DropZone } from "./DropZone.js";
import { EmptyState } from "./EmptyState.js";
import { isAlt } from "./keys.js";
import { PaneOverlays, type Overlay } from "./PaneOverlays.js";
import { threadRows } from "./rows.js";
import { Skeleton } from "./Skeleton.js";
import { s } from "./strings.js";
import { t } from "./teamWords.js";
import { Thread } from "./Thread.js";
import { ThreadRowView } from "./ThreadRowView.js";
import { errorText, ToastContext } from "./toasts.js";

export interface ConversationPaneProps {
  view: ConversationView;
  header: ComponentChildren;
  /** Goes to another conversation of the lead. */
  onOpen(conversationId: string): void;
  /** Whether the composer takes the focus: not where that raises a keyboard on screen. */
  takeFocus: boolean;
}

/** A conversation: header, messages, and the composer under them. */
export function ConversationPane({ view, header, onOpen, takeFocus }: ConversationPaneProps) {
  const toasts = useContext(ToastContext);
  const input = useRef<HTMLTextAreaElement>(null);
  const atBottom = useMemo(() => ({ seq: 0 }), [view]);
  const [overlay, setOverlay] = useState<Overlay>();
  // What is new is settled before the first message is drawn, and thereby read.
  const [opened, setOpened] = useState<ConversationView>();
  useLayoutEffect(() => {
    const close = view.open();
    setOpened(view);
    return close;
  }, [view]);
  useEffect(() => watchAttention(() => tell(atBottom.seq)), [view]);

  const chat = view.chat.value;
  const state = view.state.value;
  const entries = view.entries.value;
  const items = view.items.value;
  const newFrom = view.newFrom.value;
  const rows = useMemo(() => threadRows(entries, items, newFrom, view.userId), [entries, items, newFrom, view]);
  const data = chat?.data.value;
  const name = data?.leadName || s.unknownLead;
  const ready = opened === view && (state === "ready" || (rows.length > 0 && data !== undefined));
  useEffect(() => {
    if (ready && takeFocus) input.current?.focus({ preventScroll: true });
  }, [ready, view]);

  const tell = (seq: number) => {
    atBottom.seq = seq;
    if (seq > 0 && document.visibilityState === "visible") view.seen(seq, document.hasFocus());
  };
  const back = () => {
    setOverlay(undefined);
    input.current?.focus({ preventScroll: true });
  };
  const toSms = () => view.composing.toSms().then(onOpen, (thrown: unknown) => toasts.fail(asApiError(thrown)));
  // Colleagues who are replying are no reason to hold a message, only to say so.
  const send = () => {
    const others = view.repliers.peek();
    view.composing.send();
    if (others.length > 0) toasts.show({ text: t.sentToo(others) });
  };
  const setMode = (mode: "reply" | "note") => {
    view.composing.mode.value = mode;
    requestAnimationFrame(() => input.current?.focus({ preventScroll: true }));
  };
  const addFiles = (files: readonly File[]) =>
    view.composing
      .attach()
      .then((attachments) => attachments.add(files))
      .then(() => input.current?.focus({ preventScroll: true }), (thrown: unknown) => toasts.fail(asApiError(thrown)));
  const keyDown = (event: KeyboardEvent) => {
    if (!isAlt(event, "KeyN")) return;
    event.preventDefault();
    setMode(view.composing.mode.peek() === "note" ? "reply" : "note");
  };
  const sendAgain = (entry: Entry) => {
    if (entry.status.peek() === "unsure") setOverlay({ kind: "again", entry });
    else view.composing.sendAgain(entry);
  };

  if (state === "failed" && !ready) {
    const { value: error } = view.error;
    const missing = error?.code === "not_found";
    return (
      <div class="pane">
        {header}
        <EmptyState icon={CircleAlert} title={missing ? s.thread.missing : s.thread.failed} {...(error && !missing ? { text: errorText(error) } : {})}>
          {!missing && (
            <button type="button" class="btn" onClick={() => void view.load()}>
              {s.tryAgain}
            </button>
          )}
        </EmptyState>
      </div>
    );
  }
  if (!ready || !data) {
    return (
      <div class="pane">
        {header}
        <div class="thread">
          <div class="thread-scroll">
            <div class="thread-rows">
              <Skeleton shape="bubbles" />
            </div>
          </div>
        </div>
      </div>
    );
  }
  const start = (
    <p class="thread-start">{rows.length > 0 ? s.thread.start(name, data.channel) : undefined}</p>
  );
  return (
    <div class="pane" data-testid="conversation" data-conversation={view.id} onKeyDown={keyDown}>
      {header}
      <DropZone open={mayWriteFreely(view.window.value) && view.composing.mode.value === "reply"} onFiles={(files) => void addFiles(files)}>
        {rows.length === 0 ? (
          <div class="thread">
            <EmptyState
              icon={MessageCircle}
              title={s.thread.empty}
              text={data.channel === "sms" ? s.thread.emptySms : s.thread.emptyWhatsapp}
              testId="thread-empty"
            />
          </div>
        ) : (
          <Thread
            key={view.id}
            rows={rows}
            label={s.thread.label(name)}
            start={start}
            hasOlder={view.hasOlder.value}
            loadingOlder={view.loadingOlder.value}
            newestSeq={entries.at(-1)?.seq ?? 0}
            onOlder={() => void view.loadOlder()}
            onSeen={tell}
            place={view.place}
            onLeave={(place) => (view.place = place)}
            render={(row) => <ThreadRowView row={row} view={view} leadName={name} onOverlay={setOverlay} onSendAgain={sendAgain} />}
          />
        )}
        <ComposerArea
          view={view}
          data={data}
          input={input}
          open={mayWriteFreely(view.window.value)}
          templatesOpen={overlay?.kind === "templates"}
          onTemplates={(offered?: Template) => setOverlay(overlay?.kind === "templates" ? undefined : { kind: "templates", offered })}
          onFiles={(files) => void addFiles(files)}
          onSms={() => void toSms()}
          onSend={send}
          onMode={setMode}
          onUnsnooze={() => void view.team.unsnooze().catch((thrown: unknown) => toasts.fail(asApiError(thrown)))}
        />
        <PaneOverlays view={view} overlay={overlay} onClose={back} />
      </DropZone>
    </div>
  );
}

// Coming back to the page is a look at what came in meanwhile.
function watchAttention(look: () => void): () => void {
  addEventListener("focus", look);
  document.addEventListener("visibilitychange", look);
  return () => {
    removeEventListener("focus", look);
    document.removeEventListener("visibilitychange", look);
  };
}
