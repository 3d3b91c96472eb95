// Checks what travels on first load, compressed as a browser would get it.
import { readFileSync, existsSync } from "node:fs";
import { brotliCompressSync, constants } from "node:zlib";
import { dirname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";

const dist = join(dirname(fileURLToPath(import.meta.url)), "../dist");
const budgets = [
  { name: "widget, loader", limit: 3_000, files: () => ["widget.js"] },
  { name: "widget, first load", limit: 35_000, files: widget },
  { name: "console, first route", limit: 90_000, files: () => page("index.html") },
];

/** A script and everything it imports before it runs. */
function scripts(entry, seen = new Set()) {
  const file = normalize(entry);
  if (seen.has(file)) return seen;
  seen.add(file);
  const code = readFileSync(join(dist, file), "utf8");
  for (const [, name] of code.matchAll(/(?:^|[;}\s])(?:import|export)(?:[^"'`;()]*?from)?\s*["'`](\.{1,2}\/[^"'`]+\.js)["'`]/g)) {
    scripts(join(dirname(file), name), seen);
  }
  return seen;
}

/** The loader and the module that it names. */
function widget() {
  const [entry] = readFileSync(join(dist, "widget.js"), "utf8").match(/assets\/widget-[\w-]+\.js/) ?? [];
  if (!entry) throw new Error("the loader names no module");
  return new Set(["widget.js", ...scripts(entry)]);
}

/** A page with its scripts and style sheets. */
function page(entry) {
  const html = readFileSync(join(dist, entry), "utf8");
  const files = new Set([entry]);
  for (const [, name] of html.matchAll(/(?:src|href)="\/(assets\/[^"]+\.(?:js|css))"/g)) {
    if (name.endsWith(".css")) files.add(name);
    else for (const file of scripts(name)) files.add(file);
  }
  return files;
}

const size = (file) =>
  brotliCompressSync(readFileSync(join(dist, file)), { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }).length;

if (!existsSync(join(dist, "widget.js"))) {
  console.error("dist is empty: run npm run build first");
  process.exit(1);
}
let over = false;
for (const { name, limit, files } of budgets) {
  const parts = [...files()].map((file) => [file, size(file)]);
  const total = parts.reduce((sum, [, bytes]) => sum + bytes, 0);
  over ||= total > limit;
  console.log(`${total > limit ? "OVER" : "ok  "} ${name}: ${total} of ${limit} bytes (brotli)`);
  if (process.argv.includes("--files")) for (const [file, bytes] of parts) console.log(`       ${bytes} ${file}`);
}
process.exit(over ? 1 : 0);
