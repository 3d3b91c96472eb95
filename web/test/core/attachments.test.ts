import { describe, expect, test } from "vitest";
import type { Call } from "../../src/core/api.js";
import { Attachments, ruleOf } from "../../src/core/attachments.js";
import type { FileLike, Put } from "../../src/core/env.js";
import { ApiError } from "../../src/core/error.js";
import { settle } from "./fakes.js";

const whatsApp = {
  filesPerMessage: 1,
  media: [
    { kind: "image", types: ["image/jpeg", "image/png"], endings: [".jpg", ".png"], maxBytes: 5_000_000, caption: 1024, perMessage: 1 },
    { kind: "document", types: ["application/pdf"], endings: [".pdf"], maxBytes: 100_000_000, caption: 0, perMessage: 1 },
  ],
};
const texting = { filesPerMessage: 10, media: [{ ...whatsApp.media[0], caption: 1000, perMessage: 10 }] };

const file = (name: string, type: string, size = 10): FileLike => ({ name, type, size });

/** A server that takes files, and tells what it was asked. */
function server(capabilities: object) {
  const asked: string[] = [];
  const puts: { url: string; progress: (part: number) => void; end: (refused: string) => void; fail: () => void; cancelled: boolean }[] = [];
  let refuse: ApiError | undefined;
  const call = (async (method: string) => {
    asked.push(method);
    if (method === "ConversationService/GetCapabilities") return { capabilities };
    if (method === "MediaService/CreateUpload") return { mediaId: `m${puts.length + 1}`, uploadUrl: "/uploads/word" };
    if (method === "MediaService/CompleteUpload" && refuse) throw refuse;
    return {};
  }) as unknown as Call;
  const put: Put = (url, _file, progress) => {
    let end = (_refused: string) => undefined as void;
    let fail = () => undefined as void;
    const done = new Promise<string>((resolve, reject) => {
      end = resolve;
      fail = () => reject(new ApiError("unavailable", "no answer"));
    });
    const one = { url, progress, end, fail, cancelled: false };
    puts.push(one);
    return { done, cancel: () => void (one.cancelled = true) };
  };
  const attachments = new Attachments({ put, baseURL: "https://hub.example.com" }, call, { conversationId: "c1" });
  return { attachments, asked, puts, refuseWith: (error: ApiError) => (refuse = error) };
}

describe("attachments", () => {
  test("a file is sent while the user writes, and goes with the click", async () => {
    const { attachments, puts } = server(whatsApp);
    await attachments.add([file("a.png", "image/png")]);
    await settle();
    expect(puts[0]?.url).toBe("https://hub.example.com/uploads/word");
    puts[0]?.progress(0.5);
    expect(attachments.list.value[0]).toMatchObject({ state: "uploading", progress: 0.5 });
    expect(attachments.ready.value).toBe(false);
    puts[0]?.end("");
    await settle();
    expect(attachments.ready.value).toBe(true);
    expect(attachments.take()).toEqual([
      { caption: 1024, files: [{ mediaId: "m1", kind: "image", name: "a.png", contentType: "image/png", size: 10 }] },
    ]);
    expect(attachments.list.value).toEqual([]);
  });

  test("what no rule takes is refused before a byte is sent, with the limit", async () => {
    const { attachments, asked } = server(whatsApp);
    await attachments.add([file("a.svg", "image/svg+xml"), file("b.png", "image/png", 6_000_000), file("c.png", "image/png", 0)]);
    expect(attachments.list.value.map((one) => one.problem)).toEqual([
      { reason: "type" },
      { reason: "size", limit: 5_000_000, kind: "image" },
      { reason: "empty" },
    ]);
    expect(asked).not.toContain("MediaService/CreateUpload");
  });

  test("one file at a time where a message carries one", async () => {
    const { attachments } = server(whatsApp);
    await attachments.add([file("a.png", "image/png"), file("b.png", "image/png")]);
    expect(attachments.list.value.map((one) => one.problem?.reason)).toEqual([undefined, "many"]);
  });

  test("several of a kind share a message where they can", async () => {
    const { attachments, puts } = server(texting);
    await attachments.add([file("a.png", "image/png"), file("b.png", "image/png")]);
    await settle();
    for (const put of puts) put.end("");
    await settle();
    expect(attachments.take().map((message) => message.files.length)).toEqual([2]);
  });

  test("taken away while it is sent, it is stopped and forgotten", async () => {
    const { attachments, puts, asked } = server(whatsApp);
    await attachments.add([file("a.png", "image/png")]);
    await settle();
    attachments.remove(attachments.list.value[0]?.id ?? 0);
    expect(puts[0]?.cancelled).toBe(true);
    expect(asked).toContain("MediaService/CancelUpload");
    expect(attachments.list.value).toEqual([]);
  });

  test("the server's words are shown, and a lost line can be tried again", async () => {
    const { attachments, puts, refuseWith } = server(whatsApp);
    await attachments.add([file("a.png", "image/png")]);
    await settle();
    puts[0]?.fail();
    await settle();
    expect(attachments.list.value[0]?.problem).toMatchObject({ reason: "server", again: true });
    attachments.again(attachments.list.value[0]?.id ?? 0);
    await settle();
    refuseWith(new ApiError("invalid_argument", "This is not the picture it says it is."));
    puts[1]?.end("");
    await settle();
    expect(attachments.list.value[0]?.problem).toEqual({ reason: "server", text: "This is not the picture it says it is.", again: false });
  });
});

test("a file without a type is known by its ending", () => {
  expect(ruleOf(file("Plan.PDF", ""), whatsApp.media)?.kind).toBe("document");
  expect(ruleOf(file("plan.pdf", "text/html"), whatsApp.media)).toBeUndefined();
});
