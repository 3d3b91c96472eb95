import { UserRound } from "lucide-preact";
import { hue, initials } from "./text";

/** A person or a business as a round of their own colour: that of the phone's case. */
export function Face({ id, name, size = 40 }: { id: string; name: string | undefined; size?: number }) {
  const letters = initials(name ?? "");
  return (
    <span class="face" style={{ "--hue": hue(id), "--size": `${size}px` }} aria-hidden="true">
      {letters || <UserRound size={size * 0.5} strokeWidth={1.75} />}
    </span>
  );
}
