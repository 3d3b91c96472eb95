import { api } from "./api";
import { attempt, type Phone } from "./store";
import type { Writing } from "./types";

/** The kind of message a file makes. */
export function kindOf(type: string): string {
  if (type === "image/webp") return "sticker";
  if (type.startsWith("image/")) return "image";
  if (type.startsWith("video/")) return "video";
  if (type.startsWith("audio/")) return "audio";
  return "document";
}

/** Uploads files and sends each as a message, in order. */
export async function sendFiles(phone: Phone, target: Writing, files: Iterable<File> | null | undefined): Promise<void> {
  for (const file of files ?? []) await sendBlob(phone, target, file, file.name);
}

export async function sendBlob(phone: Phone, target: Writing, blob: Blob, name: string, voice = false): Promise<void> {
  await attempt(async () => {
    const media = await api.upload(blob, name);
    let kind = kindOf(blob.type);
    if (kind === "sticker" && target.provider === "ctm") kind = "image";
    await api.write(phone.id, { ...target, kind, mediaId: media.id, voice });
  });
}
