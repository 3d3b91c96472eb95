import { parts } from "./text";
import { words } from "./words";

/** A message's text, with its links and, on WhatsApp, its formatting. */
export function Text({ text, rich }: { text: string; rich: boolean }) {
  return (
    <>
      {parts(text, rich).map((part, i) => {
        switch (part.kind) {
          case "bold":
            return <strong key={i}>{part.text}</strong>;
          case "italic":
            return <em key={i}>{part.text}</em>;
          case "strike":
            return <s key={i}>{part.text}</s>;
          case "code":
            return <code key={i}>{part.text}</code>;
          case "link":
            return (
              <a key={i} href={part.text} target="_blank" rel="noopener noreferrer" title={words.openLink}>
                {part.text}
              </a>
            );
          default:
            return part.text;
        }
      })}
    </>
  );
}
