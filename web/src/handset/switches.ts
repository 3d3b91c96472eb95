import { Bot, Eye, EyeOff, Plane, PlaneLanding, Volume2, VolumeX } from "lucide-preact";
import { turn } from "./store";
import type { Handset, Switches } from "./types";
import { words } from "./words";

export type SwitchName = "flight" | "readReceipts" | "autoRead" | "silent";

/** A phone's switches, in the order in which they are shown. */
export const switches: { name: SwitchName; Icon: typeof Plane; Off: typeof Plane; label: string; hint: string }[] = [
  { name: "flight", Icon: Plane, Off: PlaneLanding, label: words.flight, hint: words.flightHint },
  { name: "readReceipts", Icon: Eye, Off: EyeOff, label: words.receipts, hint: words.receiptsHint },
  { name: "autoRead", Icon: Bot, Off: Bot, label: words.autoRead, hint: words.autoReadHint },
  { name: "silent", Icon: VolumeX, Off: Volume2, label: words.silent, hint: words.silentHint },
];

export const turnSwitch = (view: Handset, name: SwitchName) => turn(view.id, { [name]: !view[name] } satisfies Switches);
