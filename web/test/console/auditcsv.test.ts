import { describe, expect, it } from "vitest";
import { csvOf } from "../../src/console/audit/csv.js";
import { sentenceOf } from "../../src/console/audit/strings.js";

describe("the audit as a file", () => {
  it.each(["=1+1", "+1", "-1", "@SUM(A1)", " =1", "\t=1", "\r=1", "\n=1", "＝1", "\u0000=1"])("calculates nothing of %j", (text) => {
    const [, row = ""] = csvOf([{ seq: 1, detail: text }]).split('\r\n"1"');
    expect(row).toContain(`"'${text}"`);
  });

  it("keeps what is harmless, and quotes", () => {
    const text = csvOf([{ seq: 2, at: "2026-01-02T03:04:05Z", actorName: 'Ada "Min"', action: "lead.updated", fields: ["phone", "stage"], detail: "a, b" }]);
    expect(text.startsWith("\uFEFF\"No.\"")).toBe(true);
    expect(text).toContain('"2","2026-01-02T03:04:05Z","Ada ""Min""","","","lead.updated","Ada ""Min"" changed a lead","","phone, stage","a, b",""');
  });
});

describe("an entry in words", () => {
  it("names who, what and how", () => {
    expect(sentenceOf({ actorName: "Ada", action: "origin.added" })).toBe("Ada allowed a site to have the widget");
    expect(sentenceOf({ actorName: "CRM", action: "lead.created", via: "api_key" })).toBe("CRM made a lead by an API key");
    expect(sentenceOf({ action: "thing.was_done" })).toBe("Converse thing was done");
    expect(sentenceOf({ action: "sign_in.failed" })).toBe("Somebody entered a wrong password");
    expect(sentenceOf({ actorName: "The operator", action: "second_factor.reset", via: "operator" })).toBe(
      "The operator took a user's second factor away with the keys of this installation",
    );
  });
});
