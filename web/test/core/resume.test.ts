import { describe, expect, test } from "vitest";
import type { ServerFrameJson } from "../../src/gen/converse/v1/socket_pb.js";
import { Resume, type Taken } from "../../src/core/resume.js";

function feed(resume: Resume, ...frames: ServerFrameJson[]): Taken[] {
  const taken: Taken[] = [];
  for (const frame of frames) resume.take(frame, (t) => taken.push(t));
  return taken;
}

const tick = { tick: { messageId: "m" } };

describe("resume", () => {
  test("a new client starts from the welcome and fetches lists", () => {
    const resume = new Resume();
    expect(resume.positions()).toEqual([]);
    const [first] = feed(resume, { welcome: { positions: [{ stream: "o:1", at: "e/7" }] } });
    expect(first?.refetch).toBe(true);
    expect(resume.positions()).toEqual([{ stream: "o:1", at: "e/7" }]);
  });

  test("a place moves with each batch, and not with signals that are not kept", () => {
    const resume = new Resume();
    feed(
      resume,
      { welcome: { positions: [{ stream: "o:1", at: "e/7" }] } },
      { batches: [{ stream: "o:1", at: "e/9", events: [tick, tick] }] },
      { batches: [{ stream: "o:1", events: [{ typing: {} }] }] },
    );
    expect(resume.positions()).toEqual([{ stream: "o:1", at: "e/9" }]);
  });

  test("a resumed stream keeps its place until the missed events came", () => {
    const resume = new Resume();
    feed(resume, { welcome: { positions: [{ stream: "o:1", at: "e/7" }] } });
    const [again] = feed(resume, { welcome: { positions: [{ stream: "o:1", at: "e/9" }] } });
    expect(again?.refetch).toBe(false);
    expect(resume.positions(), "cut off before the missed batch").toEqual([{ stream: "o:1", at: "e/7" }]);
    feed(resume, { batches: [{ stream: "o:1", at: "e/9", events: [tick] }] });
    expect(resume.positions()).toEqual([{ stream: "o:1", at: "e/9" }]);
  });

  test("a reset asks for a refetch and goes on from its place", () => {
    const resume = new Resume();
    feed(resume, { welcome: { positions: [{ stream: "o:1", at: "e/7" }] } });
    const [reset] = feed(resume, {
      welcome: { positions: [{ stream: "o:1", at: "f/2" }] },
      resets: [{ stream: "o:1", at: "f/2" }],
    });
    expect(reset?.refetch).toBe(true);
    expect(resume.positions()).toEqual([{ stream: "o:1", at: "f/2" }]);
  });

  test("a stream that is no longer followed is forgotten", () => {
    const resume = new Resume();
    feed(resume, { welcome: { positions: [{ stream: "o:1", at: "e/7" }, { stream: "u:1", at: "e/1" }] } });
    feed(resume, { welcome: { positions: [{ stream: "o:1", at: "e/7" }] } });
    expect(resume.positions().map((p) => p.stream)).toEqual(["o:1"]);
  });

  test("a place moves only after its events were applied", () => {
    const resume = new Resume();
    const frame = { batches: [{ stream: "o:1", at: "e/9", events: [tick] }] };
    expect(() =>
      resume.take(frame, () => {
        throw new Error("a screen broke");
      }),
    ).toThrow();
    expect(resume.positions()).toEqual([]);
  });
});
