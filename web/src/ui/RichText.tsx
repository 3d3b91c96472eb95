export interface RichTextProps {
  text: string;
}

const address = /\bhttps?:\/\/[^\s<>"']+[^\s<>"'.,;:!?)\]}]/gi;

/** Text with its web addresses as links. */
export function RichText({ text }: RichTextProps) {
  const parts = [];
  let end = 0;
  for (const found of text.matchAll(address)) {
    if (found.index > end) parts.push(text.slice(end, found.index));
    parts.push(
      <a key={found.index} href={found[0]} target="_blank" rel="noopener noreferrer nofollow">
        {found[0]}
      </a>,
    );
    end = found.index + found[0].length;
  }
  if (end < text.length) parts.push(text.slice(end));
  return <>{parts}</>;
}

const emoji = /^(?:\p{Extended_Pictographic}|\p{Regional_Indicator}|\p{Emoji_Modifier}|[0-9#*]\ufe0f?\u20e3|\u200d|\ufe0f|\s)+$/u;
const segmenter = new Intl.Segmenter(undefined, { granularity: "grapheme" });

/** Whether a text is one to three emoji and nothing else. */
export function isFewEmoji(text: string): boolean {
  const trimmed = text.trim();
  if (trimmed === "" || trimmed.length > 40 || !emoji.test(trimmed)) return false;
  return [...segmenter.segment(trimmed.replace(/\s+/g, ""))].length <= 3;
}
