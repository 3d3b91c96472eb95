import { ChevronLeft, ChevronRight, Download, X, ZoomIn, ZoomOut } from "lucide-preact";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { IconButton } from "./IconButton.js";
import { s } from "./strings.js";

export interface Picture {
  id: string;
  name: string;
}

export interface MediaViewerProps {
  pictures: readonly Picture[];
  start: string;
  download(mediaId: string): Promise<string>;
  onClose(): void;
}

const most = 5;

/** A picture as large as the screen; arrow keys leaf, plus and minus zoom. */
export function MediaViewer({ pictures, start, download, onClose }: MediaViewerProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const [at, setAt] = useState(() => Math.max(0, pictures.findIndex((p) => p.id === start)));
  const [zoom, setZoom] = useState(1);
  const [url, setUrl] = useState("");
  const picture = pictures[at];

  useLayoutEffect(() => {
    dialog.current?.showModal();
    return () => dialog.current?.close();
  }, []);
  useEffect(() => {
    setUrl("");
    setZoom(1);
    if (picture) download(picture.id).then(setUrl, onClose);
  }, [picture?.id]);

  const leaf = (step: number) => setAt((at + step + pictures.length) % pictures.length);
  const scale = (factor: number) => setZoom(Math.min(most, Math.max(1, zoom * factor)));
  const keys: Record<string, () => void> = {
    ArrowRight: () => leaf(1),
    ArrowLeft: () => leaf(-1),
    "+": () => scale(1.5),
    "=": () => scale(1.5),
    "-": () => scale(1 / 1.5),
    "0": () => setZoom(1),
  };
  return (
    <dialog
      ref={dialog}
      class="viewer"
      aria-label={picture?.name || s.media.image}
      data-testid="media-viewer"
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      onKeyDown={(event) => {
        if (event.key === "Escape") event.stopPropagation();
        keys[event.key]?.();
      }}
    >
      <div class="viewer-bar">
        <span class="grow clip">{picture?.name}</span>
        <IconButton icon={ZoomOut} label={s.media.zoomOut} onClick={() => scale(1 / 1.5)} />
        <IconButton icon={ZoomIn} label={s.media.zoom} onClick={() => scale(1.5)} />
        {url && (
          <a class="icon-btn" href={url} download={picture?.name} aria-label={s.media.download} title={s.media.download}>
            <Download size={20} strokeWidth={1.75} aria-hidden="true" />
          </a>
        )}
        <IconButton icon={X} label={s.close} onClick={onClose} />
      </div>
      <div class="viewer-stage scroll" onClick={(event) => event.target === event.currentTarget && onClose()}>
        {url && (
          <img
            src={url}
            alt={picture?.name || s.media.image}
            style={{ inlineSize: zoom > 1 ? `${zoom * 100}%` : "auto" }}
            class={zoom > 1 ? "viewer-zoomed" : ""}
            onDblClick={() => setZoom(zoom > 1 ? 1 : 2.5)}
          />
        )}
      </div>
      {pictures.length > 1 && (
        <>
          <IconButton icon={ChevronLeft} label={s.media.previous} class="viewer-leaf viewer-before" onClick={() => leaf(-1)} />
          <IconButton icon={ChevronRight} label={s.media.next} class="viewer-leaf viewer-after" onClick={() => leaf(1)} />
        </>
      )}
    </dialog>
  );
}
