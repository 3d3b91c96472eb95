import { Paperclip } from "lucide-preact";
import type { RefObject } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import type { Attachments, Rules } from "../core/attachments.js";
import { a, endingsOf } from "./attachWords.js";
import { Icon } from "./Icon.js";
import { Popover } from "./Popover.js";
import { Skeleton } from "./Skeleton.js";

export interface AttachPanelProps {
  anchor: RefObject<HTMLElement>;
  attach(): Promise<Attachments>;
  onFiles(files: readonly File[]): void;
  onClose(): void;
}

/** Says what can be sent and how large, before anything is; and lets the user choose. */
export function AttachPanel({ anchor, attach, onFiles, onClose }: AttachPanelProps) {
  const input = useRef<HTMLInputElement>(null);
  const [rules, setRules] = useState<Rules | "failed">();
  const choose = useRef<HTMLButtonElement>(null);
  // The panel has taken the focus before there was a button.
  useEffect(() => choose.current?.focus({ preventScroll: true }), [typeof rules]);
  useEffect(() => {
    attach()
      .then((attachments) => attachments.load())
      .then(setRules, () => setRules("failed"));
  }, []);
  return (
    <Popover anchor={anchor} label={a.title} onClose={onClose} class="attach-panel" testId="attach-panel">
      {rules === undefined && <Skeleton shape="lines" count={4} />}
      {rules === "failed" && <p class="quiet">{a.failed}</p>}
      {typeof rules === "object" && rules.media.length === 0 && <p class="quiet">{a.none}</p>}
      {typeof rules === "object" && rules.media.length > 0 && (
        <>
          <h3 class="attach-title">{a.title}</h3>
          <dl class="attach-rules">
            {rules.media.map((rule) => (
              <div key={rule.kind}>
                <dt>{a.kind(rule.kind ?? "")}</dt>
                <dd class="meta">{a.rule(endingsOf(rule.endings ?? []), Number(rule.maxBytes ?? 0))}</dd>
              </div>
            ))}
          </dl>
          {rules.filesPerMessage === 1 && <p class="meta">{a.oneAtATime}</p>}
          <button ref={choose} type="button" class="btn btn-primary" data-autofocus="" data-testid="choose-files" onClick={() => input.current?.click()}>
            <Icon of={Paperclip} />
            {rules.filesPerMessage === 1 ? a.chooseOne : a.choose}
          </button>
          <p class="meta">{a.more}</p>
          <input
            ref={input}
            type="file"
            hidden
            multiple={rules.filesPerMessage > 1}
            accept={rules.media.flatMap((rule) => [...(rule.types ?? []), ...(rule.endings ?? [])]).join(",")}
            data-testid="file-input"
            onChange={(event) => {
              onFiles([...(event.currentTarget.files ?? [])]);
              onClose();
            }}
          />
        </>
      )}
    </Popover>
  );
}
