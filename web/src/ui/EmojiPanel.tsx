import type { RefObject } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { Popover } from "./Popover.js";
import { Skeleton } from "./Skeleton.js";
import { s } from "./strings.js";

export interface EmojiPanelProps {
  anchor: RefObject<HTMLElement>;
  onPick(emoji: string): void;
  onClose(): void;
}

/** The emoji picker, loaded when it is opened for the first time. */
export function EmojiPanel({ anchor, onPick, onClose }: EmojiPanelProps) {
  const place = useRef<HTMLDivElement>(null);
  const [state, setState] = useState<"loading" | "ready" | "failed">("loading");
  const pick = useRef(onPick);
  pick.current = onPick;
  useEffect(() => {
    let gone = false;
    import("./emojiPicker.js").then(
      ({ emojiPicker }) => {
        if (gone) return;
        place.current?.append(emojiPicker((emoji) => pick.current(emoji)));
        setState("ready");
      },
      () => setState("failed"),
    );
    return () => {
      gone = true;
    };
  }, []);
  return (
    <Popover anchor={anchor} label={s.composer.emoji} onClose={onClose} class="emoji-panel" testId="emoji-panel">
      {state === "loading" && <Skeleton shape="lines" count={6} />}
      {state === "failed" && <p class="quiet">{s.composer.emojiFailed}</p>}
      <div ref={place} />
    </Popover>
  );
}
