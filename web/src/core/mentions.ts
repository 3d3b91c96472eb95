import type { Colleague } from "./team.js";

/** The users whom a text names with @, of those who could be named. */
export function mentionsIn(text: string, colleagues: readonly Colleague[]): string[] {
  const ids: string[] = [];
  let rest = text;
  // The longest first: a name may begin like another.
  for (const { id, name, sees } of [...colleagues].sort((a, b) => b.name.length - a.name.length)) {
    const at = name === "" ? -1 : rest.indexOf(`@${name}`);
    if (at < 0 || /^[\p{L}\p{N}]/u.test(rest.slice(at + 1 + name.length))) continue;
    if (sees) ids.push(id);
    rest = rest.replaceAll(`@${name}`, "");
  }
  return ids;
}

/** The @ word that is being typed before the caret, without the @; undefined when there is none. */
export function mentionBefore(text: string, caret: number): { from: number; word: string } | undefined {
  const before = text.slice(0, caret);
  const at = before.lastIndexOf("@");
  if (at < 0 || (at > 0 && !/[\s(]/.test(before.charAt(at - 1)))) return undefined;
  const word = before.slice(at + 1);
  return word.length > 40 || /[\n@]/.test(word) || word.startsWith(" ") ? undefined : { from: at, word };
}

/** Those whose names have a word that begins like that; those who can see the lead first. */
export function matching<T extends { name: string; sees: boolean }>(colleagues: readonly T[], word: string): T[] {
  const wanted = word.toLocaleLowerCase();
  const fits = ({ name }: T) => {
    const whole = name.toLocaleLowerCase();
    return whole.startsWith(wanted) || whole.split(/\s+/).some((part) => part.startsWith(wanted));
  };
  const found = colleagues.filter(fits);
  return [...found.filter((c) => c.sees), ...found.filter((c) => !c.sees)];
}
