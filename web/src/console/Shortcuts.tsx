import { Dialog } from "../ui/Dialog.js";
import { keyNames } from "../ui/keys.js";
import "./Shortcuts.css";
import { c } from "./strings.js";

const { alt, command, shift, enter } = keyNames;

const list: readonly [keys: readonly string[], what: string][] = [
  [[enter], c.keys.send],
  [[shift, enter], c.keys.line],
  [[alt, "↓"], c.keys.next],
  [[alt, "↑"], c.keys.previous],
  [[alt, shift, "↓"], c.keys.nextUnread],
  [[alt, shift, "↑"], c.keys.previousUnread],
  [[alt, "1…9"], c.keys.tab],
  [["Delete"], c.keys.closeTab],
  [[alt, "N"], c.keys.note],
  [[command, "K"], c.keys.everything],
  [[command, "/"], c.keys.list],
  [["Esc"], c.keys.close],
  [[alt, "M"], c.keys.widget],
  [[alt, shift, "M"], c.keys.widgetFull],
];

/** The list of keys. */
export function Shortcuts({ onClose }: { onClose(): void }) {
  return (
    <Dialog title={c.keys.title} onClose={onClose} testId="shortcuts">
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
