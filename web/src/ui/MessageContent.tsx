import { CircleSlash, ContactRound, ExternalLink, MapPin, MousePointerClick, SmilePlus } from "lucide-preact";
import type { LucideIcon } from "lucide-preact";
import type { Entry } from "../core/entry.js";
import type { Message } from "../core/model.js";
import { placeLine } from "../core/placetext.js";
import { Icon } from "./Icon.js";
import { MediaTile } from "./MediaTile.js";
import { s } from "./strings.js";

export interface MessageContentProps {
  entry: Entry;
  download(mediaId: string, preview?: boolean): Promise<string>;
  fetchAgain(mediaId: string): Promise<void>;
  onImage(mediaId: string): void;
}

const cards: Record<string, [icon: LucideIcon, title: string]> = {
  location: [MapPin, s.media.location],
  contacts: [ContactRound, s.media.contacts],
  reaction: [SmilePlus, s.media.reaction],
  button: [MousePointerClick, s.media.button],
  unsupported: [CircleSlash, s.media.unsupported],
};

/** What a message carries besides text: files, places, cards, reactions. */
export function MessageContent({ entry, download, fetchAgain, onImage }: MessageContentProps) {
  const { message } = entry;
  const card = cards[message.kind];
  const place = placeLine(message).trim();
  return (
    <>
      {entry.media.value.map((media) => (
        <MediaTile
          key={media.id}
          kind={message.kind === "sticker" ? "sticker" : media.kind || message.kind}
          media={media}
          download={download}
          fetchAgain={fetchAgain}
          onImage={onImage}
        />
      ))}
      {card && entry.media.value.length === 0 && <Card icon={card[0]} title={card[1]} kind={message.kind} text={message.text} />}
      {place && <Card icon={MapPin} title={s.media.location} kind="location" text={place} />}
    </>
  );
}

/** Whether there is such content. A list tells of a message without its files, which come later. */
MessageContent.has = ({ media, message }: Entry): boolean => media.value.length > 0 || message.kind in cards || placeLine(message) !== "";

/** The text under it: a card shows the words itself. */
MessageContent.text = (message: Message): string => (message.kind in cards ? "" : message.text.slice(placeLine(message).length));

const point = /(-?\d{1,2}(?:\.\d+)?), *(-?\d{1,3}(?:\.\d+)?)\)?$/;

function Card({ icon, title, kind, text }: { icon: LucideIcon; title: string; kind: string; text: string }) {
  const at = kind === "location" ? point.exec(text) : null;
  const said = text.replace(/^(Location|Contacts?)(: |$)/, "");
  // A place with a name needs no figures; the map has them.
  const words = at && said.includes("(") ? said.slice(0, said.lastIndexOf("(")).trim() : said;
  return (
    <div class={`card-row card-${kind}`}>
      <span class="card-icon">
        <Icon of={icon} size={20} />
      </span>
      <span class="grow">
        {kind !== "unsupported" && <span class="meta">{title}</span>}
        {words && <span class="card-words">{words}</span>}
        {at && (
          <a
            class="card-link"
            href={`https://www.openstreetmap.org/?mlat=${at[1]}&mlon=${at[2]}&zoom=15`}
            target="_blank"
            rel="noopener noreferrer"
          >
            {s.media.map} <Icon of={ExternalLink} />
          </a>
        )}
      </span>
    </div>
  );
}
