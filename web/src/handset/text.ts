/** A piece of a message's text. */
export interface Part {
  kind: "text" | "bold" | "italic" | "strike" | "code" | "link";
  text: string;
}

const link = /https?:\/\/[^\s<>"]+[^\s<>".,;:!?)\]'*_~]/;
const marks: [Part["kind"], RegExp][] = [
  ["code", /```([\s\S]+?)```/],
  ["bold", /(?<![\w*])\*(\S(?:[^*\n]*\S)?)\*(?![\w*])/],
  ["italic", /(?<![\w_])_(\S(?:[^_\n]*\S)?)_(?![\w_])/],
  ["strike", /(?<![\w~])~(\S(?:[^~\n]*\S)?)~(?![\w~])/],
];

/** Splits a text into links and, where the network has them, *bold*, _italic_, ~struck~ and ```code```. */
export function parts(text: string, rich: boolean): Part[] {
  let first: { at: number; length: number; part: Part } | undefined;
  const consider = (kind: Part["kind"], pattern: RegExp, group: number) => {
    const found = pattern.exec(text);
    if (found && (!first || found.index < first.at)) {
      first = { at: found.index, length: found[0].length, part: { kind, text: found[group] ?? "" } };
    }
  };
  consider("link", link, 0);
  if (rich) for (const [kind, pattern] of marks) consider(kind, pattern, 1);
  if (!first) return text ? [{ kind: "text", text }] : [];
  const before = text.slice(0, first.at);
  const rest = parts(text.slice(first.at + first.length), rich);
  return [...(before ? [{ kind: "text" as const, text: before }] : []), first.part, ...rest];
}

/** Reports whether a text is one to three emoji and nothing else. */
export function emojiOnly(text: string): boolean {
  const compact = text.replace(/\s/g, "");
  if (!compact || compact.length > 40) return false;
  const graphemes = [...new Intl.Segmenter().segment(compact)];
  return graphemes.length <= 3 && graphemes.every(({ segment }) => /\p{Extended_Pictographic}|\p{Regional_Indicator}/u.test(segment));
}

export function size(bytes: number | undefined): string {
  if (!bytes) return "";
  if (bytes < 1024) return `${bytes} B`;
  if (bytes < 1024 * 1024) return `${Math.round(bytes / 1024)} kB`;
  return `${(bytes / 1024 / 1024).toFixed(1)} MB`;
}

/** The letters of a face: two of a name, or a plus sign for somebody without one. */
export function initials(name: string): string {
  const letters = name.split(/\s+/).filter((word) => /^\p{L}/u.test(word));
  if (letters.length === 0) return "";
  const [first = "", last = ""] = [letters[0], letters.length > 1 ? letters.at(-1) : ""];
  return `${[...first][0] ?? ""}${[...last][0] ?? ""}`.toUpperCase();
}

/** A colour of one's own: the same for the same text, everywhere. */
export function hue(text: string): number {
  let hash = 2166136261;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 16777619);
  // The low bits follow the last digit alone; numbers in a row would look alike.
  return ((hash >>> 8) * 137) % 360;
}
