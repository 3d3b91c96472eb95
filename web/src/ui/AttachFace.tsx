import { CircleAlert, FileText, Film, Music } from "lucide-preact";
import type { Attachment } from "../core/attachments.js";
import { a } from "./attachWords.js";
import { Icon } from "./Icon.js";
import { useObjectUrl } from "./useObjectUrl.js";

const icons: Record<string, typeof FileText> = { video: Film, audio: Music };

/** A small picture or a sign, with a ring that fills as the file is sent. */
export function AttachFace({ one }: { one: Attachment }) {
  const url = useObjectUrl(one.kind === "image" && one.state !== "refused" ? one.file : undefined);
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
