import { effect, signal, type ReadonlySignal } from "@preact/signals-core";
import type { Env } from "./env.js";
import type { LiveSocket } from "./socket.js";

/** What the user is told about the connection. */
export type Health = "ok" | "offline" | "reconnecting" | "stopped";

// A reload of the server or a change of network is over by then; nothing blinks.
const patienceMs = 1_000;

/** The connection's state as a user should see it: nothing for a short break. */
export function watchHealth(
  env: Pick<Env, "clock" | "online">,
  socket: LiveSocket,
): { health: ReadonlySignal<Health>; stop: () => void } {
  const health = signal<Health>("ok");
  let cancel: (() => void) | undefined;
  const stop = effect(() => {
    const now = judge(env.online.value, socket.state.value);
    cancel?.();
    if (now === "ok" || health.peek() !== "ok") health.value = now;
    else cancel = env.clock.after(patienceMs, () => (health.value = now));
  });
  return {
    health,
    stop: () => {
      stop();
      cancel?.();
    },
  };
}

function judge(online: boolean, state: string): Health {
  if (state === "closed") return "stopped";
  if (!online) return "offline";
  return state === "live" || state === "idle" ? "ok" : "reconnecting";
}
