import { Ticks as Shape } from "../ui/Ticks";
import type { Status } from "./types";
import { words } from "./words";

/** The ticks on the lead's own message, in the lead's words. */
export function Ticks({ status }: { status: Status }) {
  return (
    <span class="tick" title={words.status(status)}>
      <Shape status={status} label={words.status(status)} />
    </span>
  );
}
