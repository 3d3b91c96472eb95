import { Dialog } from "../ui/Dialog.js";
import { keyNames } from "../ui/keys.js";
import { s } from "../ui/strings.js";
import "./Shortcuts.css";

const { alt, command, shift, enter } = keyNames;

const list: readonly [keys: readonly string[], what: string][] = [
  [[enter], s.keys.send],
  [[shift, enter], s.keys.line],
  [[alt, "↓"], s.keys.next],
  [[alt, "↑"], s.keys.previous],
  [[alt, shift, "↓"], s.keys.nextUnread],
  [[alt, shift, "↑"], s.keys.previousUnread],
  [[alt, "N"], s.keys.note],
  [[command, "K"], s.keys.everything],
  [[command, "/"], s.keys.list],
  [["Esc"], s.keys.close],
  [[alt, "M"], s.keys.widget],
  [[alt, shift, "M"], s.keys.widgetFull],
];

/** The list of keys. */
export function Shortcuts({ onClose }: { onClose(): void }) {
  return (
    <Dialog title={s.keys.title} onClose={onClose} testId="shortcuts">
      <dl class="shortcuts">
        {list.map(([keys, what]) => (
          <div key={what} class="shortcut">
            <dt>{what}</dt>
            <dd>
              {keys.map((key) => (
                <kbd key={key} class="key">
                  {key}
                </kbd>
              ))}
            </dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}
