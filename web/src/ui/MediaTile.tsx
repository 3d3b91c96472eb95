import { CircleAlert, Download, FileText, ImageOff, LoaderCircle, Play, type LucideIcon } from "lucide-preact";
import { useEffect, useState } from "preact/hooks";
import type { Media } from "../core/model.js";
import { AudioPlayer } from "./AudioPlayer.js";
import { fileSize } from "./format.js";
import { Icon } from "./Icon.js";
import { s } from "./strings.js";

export interface MediaTileProps {
  kind: string;
  media: Media;
  download(mediaId: string, preview?: boolean): Promise<string>;
  fetchAgain(mediaId: string): Promise<void>;
  onImage(mediaId: string): void;
}

type Link = { url: string } | "loading" | "failed" | "unshown";

/** A file of a message: a picture, a player or a row, in the state it is in. */
export function MediaTile({ kind, media, download, fetchAgain, onImage }: MediaTileProps) {
  const picture = kind === "image" || kind === "sticker";
  const shown = picture || kind === "video" || kind === "audio";
  // A picture is shown small; the viewer fetches it whole. A sticker would lose its see-through ground.
  const small = kind === "image" && media.preview;
  const [link, setLink] = useState<Link>("loading");
  const [tries, setTries] = useState(0);
  useEffect(() => {
    if (media.state !== "ready" || !shown) return undefined;
    let gone = false;
    download(media.id, small).then(
      (url) => !gone && setLink({ url }),
      () => !gone && setLink("failed"),
    );
    return () => {
      gone = true;
    };
  }, [media.id, media.state, small, tries]);

  if (media.state === "expired" || media.state === "refused") {
    return <Notice text={`${media.state === "expired" ? s.media.expired : s.media.refused} ${media.reason}`} />;
  }
  if (media.state === "failed") return <Notice text={`${s.media.failed} ${media.reason}`.trim()} onRetry={() => fetchAgain(media.id)} />;
  if (media.state === "loading" && media.reason !== "") {
    return <Notice icon={LoaderCircle} text={`${s.media.late} ${media.reason}`} again={s.media.tryNow} onRetry={() => fetchAgain(media.id)} />;
  }
  if (!shown) return <DocumentRow media={media} download={download} />;
  if (media.state !== "ready" || link === "loading") return <Loading kind={kind} media={media} />;
  if (link === "failed" || link === "unshown") {
    const again = () => {
      setLink("loading");
      setTries(tries + 1);
    };
    const fetch = () => save(media.id, download).catch(() => setLink("failed"));
    return <Notice text={link === "failed" ? s.media.failed : s.media.unshown} onRetry={again} onDownload={fetch} />;
  }
  // The browser may know no way to show it, or the link may have run out.
  const fail = () => setLink("unshown");
  if (kind === "audio") return <AudioPlayer url={link.url} onError={fail} />;
  if (kind === "video") {
    return <video class="media-video" src={link.url} controls preload="metadata" aria-label={s.media.video} onError={fail} />;
  }
  return (
    <button
      type="button"
      class={kind === "sticker" ? "media-sticker" : "media-image"}
      style={kind === "sticker" ? undefined : shapeOf(media)}
      aria-label={s.media.open(media.name || s.media.image)}
      onClick={() => onImage(media.id)}
    >
      <img src={link.url} alt={media.name || s.media.image} loading="lazy" decoding="async" onError={fail} />
    </button>
  );
}

// A strip or a tower of a picture is cut; the viewer shows it whole.
const flattest = 16 / 9;
const steepest = 3 / 4;

/** The shape of a picture whose size is known. */
function shapeOf({ width, height }: Media): { aspectRatio: string } | undefined {
  if (width === 0 || height === 0) return undefined;
  return { aspectRatio: String(Math.min(flattest, Math.max(steepest, width / height))) };
}

function Loading({ kind, media }: { kind: string; media: Media }) {
  const place = kind === "audio" ? "audio" : `media-${kind} media-waiting`;
  return (
    <div class={place} style={kind === "image" ? shapeOf(media) : undefined} role="status" aria-label={s.media.loading}>
      <Icon of={kind === "video" ? Play : LoaderCircle} size={24} />
    </div>
  );
}

interface NoticeProps {
  text: string;
  icon?: LucideIcon;
  /** What a further try is called. */
  again?: string;
  onRetry?: () => unknown;
  onDownload?: () => unknown;
}

/** Instead of a file: why it is not here, and what to do. */
function Notice({ text, icon = ImageOff, again = s.tryAgain, onRetry, onDownload }: NoticeProps) {
  return (
    <div class="media-row media-gone">
      <Icon of={icon} size={20} />
      <span class="grow">
        {text}
        {onRetry && (
          <span class="media-gone-actions">
            <button type="button" class="link" onClick={onRetry}>
              {again}
            </button>
            {onDownload && (
              <button type="button" class="link" onClick={onDownload}>
                {s.media.download}
              </button>
            )}
          </span>
        )}
      </span>
    </div>
  );
}

// A link is asked for at the click, because links live for minutes.
async function save(mediaId: string, download: (mediaId: string) => Promise<string>): Promise<void> {
  window.open(await download(mediaId), "_blank", "noopener");
}

function DocumentRow({ media, download }: Pick<MediaTileProps, "media" | "download">) {
  const [failed, setFailed] = useState(false);
  const name = media.name || s.media.document;
  const ready = media.state === "ready";
  const open = () => {
    setFailed(false);
    save(media.id, download).catch(() => setFailed(true));
  };
  return (
    <button type="button" class="media-row" disabled={!ready} onClick={open}>
      <span class="media-type">
        <Icon of={FileText} size={20} />
      </span>
      <span class="grow">
        <span class="media-name clip">{name}</span>
        <span class="meta num">
          {failed ? s.media.failed : [extension(name, media.contentType), media.size > 0 ? fileSize(media.size) : ""].filter((t) => t !== "").join(" · ")}
        </span>
      </span>
      <Icon of={failed ? CircleAlert : ready ? Download : LoaderCircle} size={20} label={ready ? s.media.download : s.media.loading} />
    </button>
  );
}

function extension(name: string, contentType: string): string {
  const fromName = /\.([a-z0-9]{1,5})$/i.exec(name)?.[1];
  return (fromName ?? contentType.split("/")[1]?.split(/[;+]/)[0] ?? "").toUpperCase();
}
