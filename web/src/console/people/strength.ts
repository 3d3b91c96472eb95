/** How hard a password is to guess, roughly: what the server refuses, and why, is the server's word. */

/** 0 too short, 1 weak, 2 fair, 3 strong, 4 very strong. */
export type Strength = 0 | 1 | 2 | 3 | 4;

export function strength(password: string, min: number): Strength {
  const characters = Array.from(password);
  if (characters.length < min) return 0;
  const bits = effective(characters) * Math.log2(alphabet(password));
  if (bits < 45) return 1;
  if (bits < 60) return 2;
  return bits < 80 ? 3 : 4;
}

/** How many characters count: one that repeats its neighbour, or goes on from it, says little. */
function effective(characters: readonly string[]): number {
  let sum = 0;
  characters.forEach((character, i) => {
    const before = characters[i - 1];
    const step = before === undefined ? undefined : (character.codePointAt(0) ?? 0) - (before.codePointAt(0) ?? 0);
    const seen = characters.indexOf(character) < i;
    sum += step !== undefined && Math.abs(step) <= 1 ? 0.25 : seen ? 0.7 : 1;
  });
  return sum;
}

/** From how many characters it seems to be chosen. */
function alphabet(password: string): number {
  let size = 0;
  if (/\p{Ll}/u.test(password)) size += 26;
  if (/\p{Lu}/u.test(password)) size += 26;
  if (/\d/.test(password)) size += 10;
  if (/[^\p{L}\d]/u.test(password)) size += 20;
  return Math.max(size, 10);
}
