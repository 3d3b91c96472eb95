/** Words about files that go with a message. */
import type { AttachmentProblem, Rules } from "../core/attachments.js";
import { fileSize } from "./format.js";

const kinds: Record<string, [one: string, many: string]> = {
  image: ["picture", "Pictures"],
  video: ["video", "Videos"],
  audio: ["sound", "Sounds"],
  document: ["document", "Documents"],
  sticker: ["sticker", "Stickers"],
  contacts: ["contact card", "Contact cards"],
};

export const a = {
  choose: "Choose files",
  chooseOne: "Choose a file",
  chooseOther: "Choose another",
  /** Over the text of a template. */
  above: { image: "Picture over the text", video: "Video over the text", document: "Document over the text" } as Record<string, string>,
  title: "What can be sent from this number",
  none: "This number cannot send files.",
  failed: "What can be sent could not be asked for.",
  more: "Or drop files on the conversation, or paste a picture.",
  oneAtATime: "One file goes with a message.",
  tray: "Files of this message",
  remove: (name: string) => `Remove ${name}`,
  cancel: (name: string) => `Stop sending ${name}`,
  uploading: (name: string, part: number) => `${name}: ${Math.round(part * 100)} %`,
  ready: (name: string) => `${name} is ready`,
  arriving: (name: string) => `${name} is being sent`,
  ownMessage: "The text goes as a message of its own: such a file takes no caption.",
  kind: (kind: string) => kinds[kind]?.[1] ?? kind,
  /** JPEG, PNG up to 5 MB */
  rule: (types: readonly string[], limit: number) => `${types.join(", ")}${limit > 0 ? ` up to ${largest(limit)}` : ""}`,
  problem: (problem: AttachmentProblem, rules: Rules | undefined): string => {
    switch (problem.reason) {
      case "type":
        if (rules?.media.length === 0) return a.none;
        return `This kind of file cannot be sent. Possible: ${(rules?.media ?? []).map((rule) => endingsOf(rule.endings ?? []).join(", ")).join(", ")}.`;
      case "size":
        return `Too large: a ${kinds[problem.kind]?.[0] ?? "file"} can have ${largest(problem.limit)} here.`;
      case "many":
        return problem.most === 1 ? "One file goes with a message. Send this one next." : `At most ${problem.most} files can wait at once.`;
      case "empty":
        return "This file is empty.";
      case "server":
        return problem.text;
    }
  },
};

const sameAs: Record<string, string> = { JPG: "JPEG", JPE: "JPEG", JFIF: "JPEG", TIF: "TIFF", DIB: "BMP", MPGA: "MP3", MP4V: "MP4" };

/** .jpg and .jpeg are one to people. */
export function endingsOf(endings: readonly string[]): string[] {
  const names = endings.map((ending) => ending.replace(/^\./, "").toUpperCase());
  return [...new Set(names.map((name) => sameAs[name] ?? name))];
}

// Providers say "5 MB" of 5 × 1024 × 1024 bytes, and so do we.
function largest(bytes: number): string {
  const binary = bytes / (1024 * 1024);
  return fileSize(Number.isInteger(binary) ? binary * 1_000_000 : bytes);
}
