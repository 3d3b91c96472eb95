// In a chunk of its own: nobody pays for emoji before wanting one.
import Picker from "emoji-picker-element/picker.js";
import dataSource from "emoji-picker-element-data/en/emojibase/data.json?url";

/** An emoji picker with our own copy of the data. */
export function emojiPicker(onPick: (emoji: string) => void): HTMLElement {
  const picker = new Picker({ dataSource });
  picker.addEventListener("emoji-click", (event) => {
    if (event.detail.unicode) onPick(event.detail.unicode);
  });
  return picker;
}
