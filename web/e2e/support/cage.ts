/** Canaries: values that nothing else in the demo holds, and every form in which one could get out. */

/** What of a lead is hidden, and what kind of value it is. */
export interface Canary {
  /** What it is called when it is found. */
  what: string;
  value: string;
  phone?: boolean;
}

/** A canary that was found, with what stood around it. */
export interface Finding {
  what: string;
  around: string;
}

const shown = 60;
// Of ten digits. The last four may be seen, so the first nine and the last nine tell.
const tellingDigits = 9;
const between = "[^0-9A-Za-z]{0,4}";

export class Cage {
  private readonly patterns: { what: string; pattern: RegExp }[];

  constructor(canaries: readonly Canary[]) {
    this.patterns = canaries.map(({ what, value, phone }) => {
      const forms = [...encodedForms(value), ...(phone ? phoneForms(value) : [escape(plain(value))])];
      return { what, pattern: new RegExp(forms.join("|")) };
    });
  }

  /** The canaries in a text, however it is escaped, spaced, composed or encoded. */
  findings(text: string): Finding[] {
    // In capitals and in two scripts it is the same name, but base64 keeps its case.
    const all = `${text}\n${plain(text)}`;
    return this.patterns.flatMap(({ what, pattern }) => {
      const found = pattern.exec(all);
      return found ? [{ what, around: all.slice(Math.max(0, found.index - shown), found.index + found[0].length + shown) }] : [];
    });
  }
}

/** A text without the ways of escaping a letter: of addresses, JSON and HTML; composed, small, with plain digits. */
function plain(text: string): string {
  return text
    .replace(/(?:%[0-9a-f]{2})+/gi, (run) => Buffer.from(run.replaceAll("%", ""), "hex").toString("utf8"))
    .replace(/\\u([0-9a-f]{4})/gi, (_, code: string) => String.fromCharCode(parseInt(code, 16)))
    .replace(/&#(x?)([0-9a-f]{1,6});/gi, (whole, hex: string, code: string) => letter(parseInt(code, hex ? 16 : 10)) ?? whole)
    .normalize("NFC")
    .toLowerCase()
    .replace(/[०-९]/g, (digit) => String(digit.charCodeAt(0) - 0x966));
}

function letter(code: number): string | undefined {
  return code <= 0x10ffff ? String.fromCodePoint(code) : undefined;
}

/** The digits of a number with anything between them, so that its country and spaces do not matter. */
function phoneForms(value: string): string[] {
  const digits = value.replace(/\D/g, "").slice(-10);
  return [digits.slice(0, tellingDigits), digits.slice(-tellingDigits)].map((part) => [...part].join(between));
}

/** Hexadecimal, and base64 wherever the value stands in what was encoded, less what its neighbours change. */
function encodedForms(value: string): string[] {
  const spellings = new Set([value.normalize("NFC"), value.normalize("NFD"), value.replace(/^\+/, ""), value.replace(/^\+91/, "")]);
  return [...spellings].flatMap((spelling) => {
    const bytes = Buffer.from(spelling, "utf8");
    const aligned = [0, 1, 2].map((skip) => {
      const text = Buffer.concat([Buffer.alloc(skip, "x"), bytes]).toString("base64").replace(/=+$/, "");
      return text.slice(Math.ceil((skip * 8) / 6), -2);
    });
    const url = aligned.map((text) => text.replaceAll("+", "-").replaceAll("/", "_"));
    return [bytes.toString("hex"), ...aligned, ...url].map(escape);
  });
}

function escape(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\/-]/g, "\\$&");
}
