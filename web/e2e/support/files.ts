/** Files that tests send, made here so that none lies in the repository. */
import type { Locator, Page } from "@playwright/test";
import { crc32, deflateSync } from "node:zlib";

export interface TestFile {
  name: string;
  mimeType: string;
  buffer: Buffer;
}

/** A picture of one colour. */
export function picture(name: string, width = 640, height = 480, colour: [number, number, number] = [30, 110, 160]): TestFile {
  const line = Buffer.concat([Buffer.of(0), Buffer.alloc(width * 3, Buffer.from(colour))]);
  const size = Buffer.alloc(8);
  size.writeUInt32BE(width, 0);
  size.writeUInt32BE(height, 4);
  const pixels = deflateSync(Buffer.concat(Array.from({ length: height }, () => line)));
  const head = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  const parts = [chunk("IHDR", Buffer.concat([size, Buffer.of(8, 2, 0, 0, 0)])), chunk("IDAT", pixels), chunk("IEND", Buffer.alloc(0))];
  return { name, mimeType: "image/png", buffer: Buffer.concat([head, ...parts]) };
}

function chunk(type: string, data: Buffer): Buffer {
  const out = Buffer.alloc(12 + data.length);
  out.writeUInt32BE(data.length, 0);
  out.write(type, 4, "latin1");
  data.copy(out, 8);
  out.writeUInt32BE(crc32(out.subarray(4, 8 + data.length)), 8 + data.length);
  return out;
}

/** A file of so many bytes that says it is of a type. */
export function filler(name: string, mimeType: string, bytes: number): TestFile {
  return { name, mimeType, buffer: Buffer.alloc(bytes, "converse ") };
}

/** Pastes a file, as from a screenshot. */
export async function paste(field: Locator, file: TestFile): Promise<void> {
  const clipboardData = await transfer(field.page(), file);
  await field.evaluate((element, data) => {
    element.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true, composed: true }));
  }, clipboardData);
}

/** Drags a file over a place; the returned function lets it fall. */
export async function drag(place: Locator, file: TestFile): Promise<() => Promise<void>> {
  const dataTransfer = await transfer(place.page(), file);
  await place.dispatchEvent("dragenter", { dataTransfer });
  await place.dispatchEvent("dragover", { dataTransfer });
  return () => place.dispatchEvent("drop", { dataTransfer });
}

function transfer(page: Page, file: TestFile) {
  const plain = { name: file.name, type: file.mimeType, base64: file.buffer.toString("base64") };
  return page.evaluateHandle(({ name, type, base64 }) => {
    const data = new DataTransfer();
    data.items.add(new File([Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0))], name, { type }));
    return data;
  }, plain);
}
