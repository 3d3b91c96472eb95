/** Shortcuts, matched by the physical key where a letter is involved. */
export interface Press {
  code: string;
  altKey: boolean;
  ctrlKey: boolean;
  metaKey: boolean;
  shiftKey: boolean;
}

const onMac = typeof navigator !== "undefined" && /Mac|iPhone|iPad/.test(navigator.platform);

/** Names of keys as this machine writes them. */
export const keyNames = {
  alt: onMac ? "⌥" : "Alt",
  command: onMac ? "⌘" : "Ctrl",
  shift: onMac ? "⇧" : "Shift",
  enter: onMac ? "⏎" : "Enter",
};

/** Alt with a key and nothing else but, if asked for, shift. */
export function isAlt(press: Press, code: string, shift = false): boolean {
  return press.altKey && !press.ctrlKey && !press.metaKey && press.shiftKey === shift && press.code === code;
}

/** Ctrl, or Command on a Mac, with a key. */
export function isCommand(press: Press, code: string): boolean {
  return (onMac ? press.metaKey : press.ctrlKey) && !press.altKey && !press.shiftKey && press.code === code;
}

/**
 * Alt with a digit of the upper row, 1 to 9; 0 for anything else. On a Mac, Option with a
 * digit types brackets and signs in some layouts: those stay what they are.
 */
export function altDigit(press: Press & { key: string }): number {
  const digit = Number(/^Digit([1-9])$/.exec(press.code)?.[1] ?? 0);
  const types = onMac && /^[!-/:-~]$/.test(press.key);
  return digit > 0 && !types && isAlt(press, press.code) ? digit : 0;
}
