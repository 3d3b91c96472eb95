import type { Env } from "./env.js";

/**
 * Makes UUIDs of version 7 (RFC 9562, section 5.7) that sort by the time of making:
 * within a millisecond the twelve bits after the time count up.
 */
export function uuidMaker(env: Pick<Env, "clock" | "randomBytes">): () => string {
  let last = 0;
  let count = 0;
  return () => {
    const now = Math.max(env.clock.now(), last);
    count = now === last ? count + 1 : 0;
    if (count > 0xfff) {
      last = now + 1;
      count = 0;
    } else {
      last = now;
    }
    const bytes = env.randomBytes(16);
    let time = last;
    for (let i = 5; i >= 0; i--) {
      bytes[i] = time % 256;
      time = Math.floor(time / 256);
    }
    bytes[6] = 0x70 | (count >> 8);
    bytes[7] = count & 0xff;
    bytes[8] = 0x80 | ((bytes[8] ?? 0) & 0x3f);
    const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
    return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
  };
}
