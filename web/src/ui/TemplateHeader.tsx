import { FileText, Image, MapPin, Video } from "lucide-preact";
import { pieces } from "../core/templates.js";
import { Icon } from "./Icon.js";
import { s } from "./strings.js";

const marks = { image: Image, video: Video, document: FileText, location: MapPin } as const;

export interface TemplateHeaderProps {
  /** text, image, video, document or location. */
  kind: string;
  text: string;
  /** The values of the text's variable, by its name. */
  values: Readonly<Record<string, string>>;
  /** The file, once there is one. An empty address: it is there, and cannot be shown. */
  file?: { name: string; url: string } | undefined;
}

/** What stands over a template's text, as the lead will see it. */
export function TemplateHeader({ kind, text, values, file }: TemplateHeaderProps) {
  const mark = marks[kind as keyof typeof marks];
  if (!mark) {
    return (
      <strong class="template-above" dir="auto">
        {pieces(text, values)
          .map((piece) => piece.text)
          .join("")}
      </strong>
    );
  }
  if (file?.url && kind === "image") return <img class="template-picture" src={file.url} alt={file.name} data-testid="header-picture" />;
  if (file?.url && kind === "video") return <video class="template-picture" src={file.url} controls muted preload="metadata" aria-label={file.name} />;
  return (
    <div class="template-media" role="img" aria-label={file?.name || (s.templates.above[kind] ?? "")}>
      <Icon of={mark} size={20} />
      {file && <span class="clip">{file.name}</span>}
    </div>
  );
}
