import { describe, expect, test } from "vitest";
import type { Call } from "../../src/core/api.js";
import { Attachments, type Target } from "../../src/core/attachments.js";
import type { FileLike, Put } from "../../src/core/env.js";
import { ApiError } from "../../src/core/error.js";
import { HeaderFile } from "../../src/core/headerfile.js";
import { settle } from "./fakes.js";

const picture = { kind: "image", types: ["image/jpeg", "image/png"], endings: [".jpg", ".png"], maxBytes: 5_000_000, caption: 1024, perMessage: 1 };
const film = { kind: "video", types: ["video/mp4"], endings: [".mp4"], maxBytes: 16_000_000, caption: 1024, perMessage: 1 };

const file = (name: string, type: string, size = 10): FileLike => ({ name, type, size });

/** A server that takes files; what it is asked is kept. */
function over(target: Target) {
  const asked: [string, object][] = [];
  const ends: ((refused: string) => void)[] = [];
  let away = false;
  const call = (async (method: string, request: object) => {
    if (away) throw new ApiError("unavailable", "away");
    asked.push([method, request]);
    if (method === "ConversationService/GetCapabilities") return { capabilities: { media: [picture, film], filesPerMessage: 10 } };
    if (method === "MediaService/CreateUpload") return { mediaId: `m${ends.length + 1}`, uploadUrl: "/uploads/word" };
    return {};
  }) as unknown as Call;
  const put: Put = () => ({ done: new Promise<string>((resolve) => ends.push(resolve)), cancel: () => undefined });
  const header = new HeaderFile(new Attachments({ put, baseURL: "" }, call, target));
  const methods = () => asked.map(([method]) => method.split("/")[1]);
  return { header, asked, methods, arrive: () => ends.at(-1)?.(""), turn: (off: boolean) => (away = off) };
}

const talk = { conversationId: "c1", kind: "image" };

describe("the file over a template's text", () => {
  test("what it may be is known before one is chosen, and only its kind may", async () => {
    const { header, methods } = over(talk);
    expect(header.rule).toBeUndefined();
    await header.load();
    expect(header.rule).toMatchObject({ kind: "image", maxBytes: 5_000_000 });
    await header.choose(file("tour.mp4", "video/mp4"));
    expect(header.file.value?.problem).toEqual({ reason: "type" });
    expect(methods()).not.toContain("CreateUpload");
  });

  test("it has a name at the server only once it is there", async () => {
    const { header, arrive } = over(talk);
    await header.choose(file("house.png", "image/png"));
    await settle();
    expect([header.file.value?.state, header.mediaId.value]).toEqual(["uploading", ""]);
    arrive();
    await settle();
    expect([header.file.value?.state, header.mediaId.value]).toEqual(["ready", "m1"]);
  });

  test("another takes its place, and the first is taken back", async () => {
    const { header, asked, arrive } = over(talk);
    await header.choose(file("house.png", "image/png"));
    await settle();
    arrive();
    await settle();
    await header.choose(file("garden.png", "image/png"));
    await settle();
    arrive();
    await settle();
    expect([header.file.value?.file.name, header.mediaId.value]).toEqual(["garden.png", "m2"]);
    expect(asked).toContainEqual(["MediaService/CancelUpload", { mediaId: "m1" }]);
  });

  test("what was sent is not taken back when the form closes; what was not is", async () => {
    for (const sent of [true, false]) {
      const { header, methods, arrive } = over(talk);
      await header.choose(file("house.png", "image/png"));
      await settle();
      arrive();
      await settle();
      if (sent) header.keep();
      header.remove();
      await settle();
      expect(methods().includes("CancelUpload")).toBe(!sent);
      expect(header.file.value).toBeUndefined();
    }
  });

  test("that nothing could be asked is said, and asked again", async () => {
    const { header, turn } = over(talk);
    turn(true);
    await header.load();
    expect(header.unknown.value).toBe(true);
    turn(false);
    await header.load();
    expect([header.unknown.value, header.rule?.kind]).toEqual([false, "image"]);
  });

  test("for a connector's templates it goes to the connector, by the rules of its reviewers", async () => {
    const { header, asked, arrive } = over({ connectorId: "k1", rules: { media: [{ ...film, maxBytes: 20 }], filesPerMessage: 1 } });
    await header.choose(file("tour.mp4", "video/mp4", 21));
    expect(header.file.value?.problem).toEqual({ reason: "size", limit: 20, kind: "video" });
    await header.choose(file("tour.mp4", "video/mp4", 20));
    await settle();
    arrive();
    await settle();
    expect(header.mediaId.value).toBe("m1");
    expect(asked[0]).toEqual(["MediaService/CreateUpload", { connectorId: "k1", fileName: "tour.mp4", contentType: "video/mp4", size: 20 }]);
  });
});
