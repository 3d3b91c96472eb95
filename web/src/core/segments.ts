/**
 * How many parts an SMS is sent in. A text of GSM-7 characters has 160 in one part
 * and 153 in each of several; any other character makes it UCS-2, with 70 and 67
 * units (3GPP TS 23.038 and 23.040). No character is split between parts.
 */
export interface Segments {
  encoding: "gsm7" | "ucs2";
  /** Units used, of units that the parts so far hold. */
  units: number;
  capacity: number;
  parts: number;
}

const basic = new Set(
  "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà",
);
// These travel as an escape and a second character.
const extension = new Set("\f^{}\\[~]|€");

const limits = { gsm7: { single: 160, each: 153 }, ucs2: { single: 70, each: 67 } } as const;

export function countSegments(text: string): Segments {
  const characters = Array.from(text);
  const encoding = characters.every((c) => basic.has(c) || extension.has(c)) ? "gsm7" : "ucs2";
  const { single, each } = limits[encoding];
  const sizes = characters.map((c) => (encoding === "gsm7" ? (extension.has(c) ? 2 : 1) : c.length));
  const units = sizes.reduce((sum, size) => sum + size, 0);
  if (units <= single) return { encoding, units, capacity: single, parts: units === 0 ? 0 : 1 };
  let parts = 1;
  let used = 0;
  for (const size of sizes) {
    if (used + size > each) {
      parts++;
      used = 0;
    }
    used += size;
  }
  // What a character left free at the end of its part counts as used.
  return { encoding, units: (parts - 1) * each + used, capacity: parts * each, parts };
}

/** The characters that make a text UCS-2, each once. */
export function foreignCharacters(text: string): string[] {
  return [...new Set(Array.from(text).filter((c) => !basic.has(c) && !extension.has(c)))];
}
