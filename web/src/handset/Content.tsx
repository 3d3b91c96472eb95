import { CircleHelp, ExternalLink, FileText, MapPin, UserRound } from "lucide-preact";
import { mediaLink } from "./api";
import { size } from "./text";
import type { Media, Message } from "./types";
import { words } from "./words";

/** The part of a message that is not its text. */
export function Content({ message }: { message: Message }) {
  return (
    <>
      {message.media?.map((media, i) => <File key={media.id ?? i} media={media} kind={message.kind} />)}
      {message.location && <Place location={message.location} />}
      {message.contacts?.map((contact) => (
        <div key={contact.phone} class="card">
          <UserRound size={22} strokeWidth={1.75} aria-hidden="true" />
          <span class="grow">
            <strong class="clip">{contact.name}</strong>
            <span class="meta num">{contact.phone}</span>
          </span>
        </div>
      ))}
      {message.kind === "unsupported" && (
        <div class="card">
          <CircleHelp size={22} strokeWidth={1.75} aria-hidden="true" />
          <span class="grow">
            <strong>{words.kind("unsupported")}</strong>
            <span class="meta">{words.pollHint}</span>
          </span>
        </div>
      )}
    </>
  );
}

function File({ media, kind }: { media: Media; kind: string }) {
  if (!media.id) {
    return (
      <a class="card" href={media.link} target="_blank" rel="noopener noreferrer" title={words.openLink}>
        <ExternalLink size={22} strokeWidth={1.75} aria-hidden="true" />
        <span class="grow">
          <strong class="clip">{media.name || words.kind(kind)}</strong>
          <span class="meta clip">{media.link}</span>
        </span>
      </a>
    );
  }
  const link = mediaLink(media.id);
  if (kind === "image" || kind === "sticker") {
    return (
      <a class={kind} href={link} target="_blank" rel="noopener noreferrer">
        <img src={link} alt={media.name || words.kind(kind)} loading="lazy" />
      </a>
    );
  }
  if (kind === "video") return <video class="video" src={link} controls preload="metadata" aria-label={media.name || words.kind(kind)} />;
  if (kind === "audio") return <audio class="audio" src={link} controls preload="metadata" aria-label={words.kind(kind)} />;
  return (
    <a class="card" href={link} download={media.name}>
      <FileText size={22} strokeWidth={1.75} aria-hidden="true" />
      <span class="grow">
        <strong class="clip">{media.name || words.kind(kind)}</strong>
        <span class="meta num">
          {fileType(media)} · {size(media.size)}
        </span>
      </span>
    </a>
  );
}

/** What people call a file's type: the end of its name, else of its content type. */
function fileType(media: Media): string {
  const end = /\.(\w{1,5})$/.exec(media.name ?? "")?.[1] ?? media.contentType?.split(/[/;]/)[1] ?? "";
  return end.toUpperCase();
}

/** A little map without a map: nothing is fetched from anywhere. */
function Place({ location }: { location: NonNullable<Message["location"]> }) {
  return (
    <div class="place">
      <div class="map" aria-hidden="true">
        <MapPin size={30} strokeWidth={1.75} />
      </div>
      <strong>{location.name || words.place}</strong>
      <span class="meta num">{location.address || `${location.latitude.toFixed(4)}, ${location.longitude.toFixed(4)}`}</span>
    </div>
  );
}
