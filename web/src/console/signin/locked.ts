import { time, timeLeft } from "../../ui/format.js";
import { words } from "./strings.js";

/** Until when no code is looked at, in the viewer's time. */
export const lockedText = (until: number): string => words.code.locked(time(until), timeLeft(until, Date.now()));
