import { describe, expect, it } from "vitest";
import { changes, valuesOf } from "../../src/console/leads/leadvalues.js";

const lead = {
  firstName: "Ines",
  lastName: "••••",
  stage: "Open",
  identifiers: [{ id: "i1", kind: "phone", value: "+14••••0177", masked: true }],
  custom: [{ key: "budget", value: "••••" }],
  maskedFields: ["last_name"],
};

describe("what an editor of a lead sends", () => {
  it("is what was changed, and no mask", () => {
    expect(changes(lead, { ...valuesOf(lead), stage: "Visit" })).toEqual({ stage: "Visit" });
    expect(changes(lead, valuesOf(lead))).toEqual({});
  });

  it("names a masked number by its id alone when its label changes or another comes", () => {
    const values = valuesOf(lead);
    const labelled = values.identifiers.map((row) => ({ ...row, label: "work" }));
    const fresh = { id: "", kind: "phone", value: "+14155550178", label: "" };
    expect(changes(lead, { ...values, identifiers: [...labelled, fresh] })).toEqual({
      identifiers: { edits: [{ id: "i1", label: "work" }, { id: "", kind: "phone", value: "+14155550178", label: "" }] },
    });
  });
});
