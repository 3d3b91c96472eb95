import { describe, expect, it } from "vitest";
import { judge, linesOf } from "../../src/console/embedding/policy.js";

const home = "https://converse.example";

const missing = (policy: string): string[] =>
  judge(policy, home).flatMap(({ directive, missing: list }) => list.map((source) => `${directive} ${source}`));

describe("a host page's content policy", () => {
  it("allows the widget with the lines that are shown", () => {
    expect(missing(`default-src 'none'; style-src 'self'; ${linesOf(home)}`)).toEqual([]);
  });

  it.each([
    ["none at all", "", []],
    ["other directives only", "frame-ancestors 'none'; base-uri 'none'", []],
    ["everything closed", "default-src 'none'", ["script-src https://converse.example", "connect-src https://converse.example", "connect-src wss://converse.example", "img-src https://converse.example", "img-src blob:", "media-src https://converse.example", "media-src blob:"]],
    ["no socket", "connect-src 'self' https://converse.example", ["connect-src wss://converse.example"]],
    ["a host without its scheme, which is not a socket's", "connect-src converse.example", ["connect-src wss://converse.example"]],
    ["schemes", "connect-src https: wss:; script-src https:; img-src https: blob:; media-src https: blob:", []],
    ["any host below", "script-src *.example", []],
    ["a host that only ends so", "script-src *.verse.example", ["script-src https://converse.example"]],
    ["another port", "script-src https://converse.example:8443", ["script-src https://converse.example"]],
    ["any port", "script-src https://converse.example:*", []],
    ["a path", "script-src https://converse.example/js/", ["script-src https://converse.example"]],
    ["everything, which is no blob", "img-src *", ["img-src blob:"]],
    ["the finer of two", "script-src 'none'; script-src-elem https://converse.example", []],
    ["the first of two of one name", "script-src 'self'; script-src https://converse.example", ["script-src https://converse.example"]],
    ["a header with its name", "Content-Security-Policy: script-src 'self'", ["script-src https://converse.example"]],
    ["other spelling", "SCRIPT-SRC HTTPS://CONVERSE.EXAMPLE", []],
  ])("with %s", (_, policy, want) => expect(missing(policy)).toEqual(want));

  it("that trusts by nonce wants it on the script", () => {
    const [script] = judge("script-src 'nonce-abc' 'strict-dynamic'", home);
    expect(script).toMatchObject({ nonce: true, missing: [] });
  });
});
