import { CircleAlert, FileText, Film, Music, X } from "lucide-preact";
import { useEffect, useState } from "preact/hooks";
import type { Attachment, Attachments } from "../core/attachments.js";
import { a } from "./attachWords.js";
import { fileSize } from "./format.js";
import { Icon } from "./Icon.js";
import { IconButton } from "./IconButton.js";
import { s } from "./strings.js";

const icons: Record<string, typeof FileText> = { video: Film, audio: Music };

export interface AttachTrayProps {
  attachments: Attachments;
  hasText: boolean;
  /** A file is gone, and the button that had the focus with it. */
  onRemoved(): void;
}

/** The files over the composer: how far each is, and what is wrong with it. */
export function AttachTray({ attachments, hasText, onRemoved }: AttachTrayProps) {
  const list = attachments.list.value;
  const rules = attachments.rules.value;
  if (list.length === 0) return null;
  const uncaptioned = hasText && list.some((one) => one.state !== "refused" && one.caption === 0);
  return (
    <div class="attach-tray" role="group" aria-label={a.tray} data-testid="attach-tray">
      <ul class="attach-list">
        {list.map((one) => (
          <li key={one.id} class={`attach-item ${one.state === "refused" ? "attach-refused" : ""}`} data-testid="attachment" data-state={one.state}>
            <Face one={one} />
            <span class="grow">
              <span class="attach-name clip">{one.file.name}</span>
              {one.problem ? (
                <span class="meta attach-problem" role="alert">
                  {a.problem(one.problem, rules)}
                  {one.problem.reason === "server" && one.problem.again && (
                    <button type="button" class="link" onClick={() => attachments.again(one.id)}>
                      {s.tryAgain}
                    </button>
                  )}
                </span>
              ) : (
                <span class="meta num">{fileSize(one.file.size)}</span>
              )}
            </span>
            <IconButton
              icon={X}
              label={one.state === "uploading" ? a.cancel(one.file.name) : a.remove(one.file.name)}
              onClick={() => {
                attachments.remove(one.id);
                onRemoved();
              }}
              testId="attachment-remove"
            />
          </li>
        ))}
      </ul>
      {uncaptioned && <p class="meta">{a.ownMessage}</p>}
    </div>
  );
}

/** A small picture or a sign, with a ring that fills as the file is sent. */
function Face({ one }: { one: Attachment }) {
  const [url, setUrl] = useState("");
  useEffect(() => {
    if (one.kind !== "image" || one.state === "refused" || one.file.type === "image/svg+xml" || !(one.file instanceof Blob)) return undefined;
    const made = URL.createObjectURL(one.file);
    setUrl(made);
    return () => URL.revokeObjectURL(made);
  }, [one.file, one.kind]);
  return (
    <span class="attach-face">
      {url ? <img src={url} alt="" /> : <Icon of={one.state === "refused" ? CircleAlert : (icons[one.kind] ?? FileText)} size={20} />}
      {one.state === "uploading" && (
        <svg
          class="attach-ring"
          viewBox="0 0 36 36"
          role="progressbar"
          aria-label={a.uploading(one.file.name, one.progress)}
          aria-valuenow={Math.round(one.progress * 100)}
          aria-valuemin={0}
          aria-valuemax={100}
        >
          <circle cx="18" cy="18" r="15" pathLength="100" />
          <circle cx="18" cy="18" r="15" pathLength="100" class="attach-ring-done" stroke-dasharray={`${Math.max(4, one.progress * 100)} 100`} />
        </svg>
      )}
    </span>
  );
}
