import { Check, Copy } from "lucide-preact";
import { useState } from "preact/hooks";
import { IconButton } from "../ui/IconButton.js";
import { s } from "../ui/strings.js";

const shownMs = 1_500;

/** Puts a text on the clipboard and says so. */
export function CopyButton({ text }: { text: string }) {
  const [done, setDone] = useState(false);
  const copy = () => {
    void navigator.clipboard?.writeText(text).then(() => {
      setDone(true);
      setTimeout(() => setDone(false), shownMs);
    });
  };
  return <IconButton icon={done ? Check : Copy} size={16} label={done ? s.copied : s.copy} class="copy" onClick={copy} />;
}
