/** The words of the button on the page: all that travels before the pop-up is opened. */
import { plural } from "../ui/plural.js";

export const launcher = {
  open: "Open Converse",
  openUnread: (count: number) => `Open Converse, ${plural(count, "unread message", "unread messages")}`,
  move: "Drag to another corner, or press an arrow key",
  close: "Close",
};
