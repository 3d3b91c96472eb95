import { X } from "lucide-preact";
import type { Attachments } from "../core/attachments.js";
import { AttachFace } from "./AttachFace.js";
import { a } from "./attachWords.js";
import { fileSize } from "./format.js";
import { IconButton } from "./IconButton.js";
import { s } from "./strings.js";

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
            <AttachFace one={one} />
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
