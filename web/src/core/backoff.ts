/**
 * Full jitter: a uniform pause between nothing and an exponentially growing bound,
 * so that clients cut off together do not come back together.
 */
export function fullJitter(attempt: number, baseMs: number, capMs: number, random: () => number): number {
  const bound = Math.min(capMs, baseMs * 2 ** Math.min(attempt, 20));
  return Math.floor(random() * bound);
}
