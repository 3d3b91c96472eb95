import { Check, Copy, Download } from "lucide-preact";
import { useState } from "preact/hooks";
import { Icon } from "../../ui/Icon.js";
import "./signin.css";
import { words } from "./strings.js";

/** Recovery codes, this once, and ways to keep them. */
export function RecoveryCodes({ codes, onDone }: { codes: readonly string[]; onDone(): void }) {
  const [copied, setCopied] = useState(false);
  const text = codes.join("\n");
  const copy = () => void navigator.clipboard?.writeText(text).then(() => setCopied(true));
  return (
    <div class="form">
      <p>{words.enrol.recovery}</p>
      <ul class="recovery num" aria-label={words.enrol.recoveryList} data-testid="recovery-codes">
        {codes.map((code) => (
          <li key={code}>
            <code>{code}</code>
          </li>
        ))}
      </ul>
      <div class="recovery-keep">
        <button type="button" class="btn" onClick={copy}>
          <Icon of={copied ? Check : Copy} />
          {copied ? words.enrol.copied : words.enrol.copy}
        </button>
        <a class="btn" download={words.enrol.fileName} href={`data:text/plain;charset=utf-8,${encodeURIComponent(`${text}\n`)}`}>
          <Icon of={Download} />
          {words.enrol.download}
        </a>
      </div>
      <button type="button" class="btn primary" onClick={onDone}>
        {words.enrol.kept}
      </button>
    </div>
  );
}
