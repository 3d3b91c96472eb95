/** What a host page's content policy must allow, and whether one does. */

export interface Need {
  directive: "script-src" | "connect-src" | "img-src" | "media-src";
  sources: readonly string[];
}

export interface Verdict extends Need {
  /** The sources that the policy does not allow. */
  missing: readonly string[];
  /** The policy trusts scripts by a nonce and not by where they are: the script element needs it. */
  nonce: boolean;
}

/** Everything the widget asks for. Its styles need nothing. */
export function needsOf(home: string): Need[] {
  const socket = home.replace(/^http/, "ws");
  return [
    { directive: "script-src", sources: [home] },
    { directive: "connect-src", sources: [home, socket] },
    { directive: "img-src", sources: [home, "blob:"] },
    { directive: "media-src", sources: [home, "blob:"] },
  ];
}

/** The needs as lines of a policy. */
export function linesOf(home: string): string {
  return needsOf(home)
    .map(({ directive, sources }) => `${directive} ${sources.join(" ")};`)
    .join("\n");
}

/** Judges a policy as a browser would. */
export function judge(policy: string, home: string): Verdict[] {
  const directives = parse(policy);
  return needsOf(home).map((need) => {
    const sources = sourcesOf(directives, need.directive);
    const nonce = need.directive === "script-src" && (sources?.includes("'strict-dynamic'") ?? false);
    return { ...need, nonce, missing: nonce || !sources ? [] : need.sources.filter((wanted) => !sources.some((source) => allows(source, wanted))) };
  });
}

function parse(policy: string): Map<string, string[]> {
  const out = new Map<string, string[]>();
  // A header may be pasted with its name.
  for (const part of policy.replace(/^\s*content-security-policy(-report-only)?\s*:/i, "").split(";")) {
    const [name, ...sources] = part.trim().split(/\s+/);
    // Of two directives of one name the first counts.
    if (name && !out.has(name.toLowerCase())) out.set(name.toLowerCase(), sources);
  }
  return out;
}

function sourcesOf(directives: Map<string, string[]>, name: string): string[] | undefined {
  const finer = name === "script-src" ? directives.get("script-src-elem") : undefined;
  return finer ?? directives.get(name) ?? directives.get("default-src");
}

const sourcePattern = /^(?:([a-z][a-z0-9+.-]*):\/\/)?([^/:]+|\[[^\]]+\])(?::(\d+|\*))?(\/.*)?$/i;

function allows(source: string, wanted: string): boolean {
  if (source.toLowerCase() === wanted.toLowerCase()) return true;
  if (wanted === "blob:") return false;
  const url = new URL(wanted);
  if (source === "*") return true;
  if (/^[a-z][a-z0-9+.-]*:$/i.test(source)) return covers(source.slice(0, -1), url.protocol.slice(0, -1));
  const match = sourcePattern.exec(source);
  // A path narrows to files under it, which the widget's are not.
  if (!match || (match[4] ?? "/") !== "/") return false;
  const [, scheme, host = "", port] = match;
  const schemeFits = scheme ? covers(scheme, url.protocol.slice(0, -1)) : !url.protocol.startsWith("ws");
  return schemeFits && hostFits(host.toLowerCase(), url.hostname) && (port === "*" || (port ?? "") === url.port);
}

/** A plain scheme stands for its safe form too. */
function covers(scheme: string, wanted: string): boolean {
  const safe: Record<string, string[]> = { http: ["https"], ws: ["wss", "http", "https"], wss: ["https"] };
  return scheme.toLowerCase() === wanted || (safe[scheme.toLowerCase()]?.includes(wanted) ?? false);
}

function hostFits(pattern: string, host: string): boolean {
  return pattern.startsWith("*.") ? host.endsWith(pattern.slice(1)) : pattern === host;
}
