import type { ComponentChildren } from "preact";
import { useRef, useState } from "preact/hooks";
import { s } from "./strings.js";

export interface DropZoneProps {
  /** Whether files can go now. */
  open: boolean;
  onFiles(files: readonly File[]): void;
  children: ComponentChildren;
}

/** The body of a conversation, onto which files can be dropped. */
export function DropZone({ open, onFiles, children }: DropZoneProps) {
  const [over, setOver] = useState(false);
  // A child that is entered leaves its parent: what counts is the balance.
  const depth = useRef(0);
  const carries = (event: DragEvent) => open && (event.dataTransfer?.types.includes("Files") ?? false);
  const end = () => {
    depth.current = 0;
    setOver(false);
  };
  return (
    <div
      class="pane-body"
      onDragEnter={(event) => {
        if (!carries(event)) return;
        depth.current++;
        setOver(true);
      }}
      onDragLeave={(event) => {
        if (carries(event) && --depth.current <= 0) end();
      }}
      onDragOver={(event) => {
        if (carries(event)) event.preventDefault();
      }}
      onDrop={(event) => {
        if (!carries(event)) return;
        event.preventDefault();
        end();
        onFiles([...(event.dataTransfer?.files ?? [])]);
      }}
    >
      {children}
      {over && <div class="drop-hint">{s.composer.drop}</div>}
    </div>
  );
}
