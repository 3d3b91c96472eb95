/** The rule of the front end's folders: who may import whom. A newcomer reads the table first. */
import { describe, expect, it } from "vitest";

const code = import.meta.glob<string>("../src/**/*.{ts,tsx}", { query: "?raw", import: "default", eager: true });

// What ui may call, not only name: functions of values, which know no server.
const pureCore = ["error", "mentions", "place", "placetext", "segments", "snooze", "templatefill", "templates", "window"];

interface Layer {
  /** Folders whose modules it may import, its own aside. */
  folders: string[];
  packages: string[];
  /** Further rules for one import; a text says what is wrong with it. */
  refuse?(to: string, typeOnly: boolean): string | undefined;
}

const preact = ["preact", "preact/hooks", "@preact/signals", "lucide-preact"];

const layers: Record<string, Layer> = {
  gen: { folders: ["types"], packages: ["@bufbuild/protobuf"] },
  types: { folders: [], packages: ["@bufbuild/protobuf"] },
  core: {
    folders: ["gen"],
    packages: ["@preact/signals-core"],
    refuse: (to, typeOnly) => (to.startsWith("gen/converse/") && !typeOnly ? "the generated code would travel with it" : undefined),
  },
  browser: { folders: ["core"], packages: ["@preact/signals"] },
  ui: {
    folders: ["core"],
    packages: [...preact, "virtua", "emoji-picker-element"],
    refuse: (to, typeOnly) => {
      if (["core/api", "core/socket"].includes(to)) return "ui shows what it is given";
      return to.startsWith("core/") && !typeOnly && !pureCore.includes(to.slice(5)) ? "of core, ui takes types and signals" : undefined;
    },
  },
  widget: { folders: ["core", "ui", "browser", "styles"], packages: preact },
  console: {
    folders: ["core", "ui", "browser", "styles", "gen"],
    packages: preact,
    refuse: (to, typeOnly) => (to.startsWith("gen/") && !typeOnly ? "the generated code would travel with it" : undefined),
  },
  handset: {
    folders: ["styles", "ui"],
    packages: preact,
    // The one shape that must be the same on both sides of a conversation.
    refuse: (to) => (to.startsWith("ui/") && !/^ui\/Ticks(\.css)?$/.test(to) ? "the handset stands alone" : undefined),
  },
};

interface Import {
  from: string;
  to: string;
  typeOnly: boolean;
}

const statement = /(?:^|\n)\s*(?:import|export)\s+(type\s)?(?:[^"';]*?\sfrom\s+)?"([^"]+)"|import\("([^"]+)"\)/g;

function imports(): Import[] {
  return Object.entries(code).flatMap(([file, text]) => {
    const from = file.replace("../src/", "");
    return Array.from(text.matchAll(statement), ([, type, name = "", lazy]) => ({ from, to: target(from, lazy ?? name), typeOnly: type !== undefined }));
  });
}

/** A module of ours as `folder/module`; a package as it is named. */
function target(from: string, name: string): string {
  if (!name.startsWith(".")) return name;
  return new URL(name, `file:///${from}`).pathname.slice(1).replace(/\.(js|tsx?)$|\?.*$/g, "");
}

function fault({ from, to, typeOnly }: Import): string | undefined {
  const folder = from.split("/")[0] ?? "";
  const layer = layers[folder];
  if (!layer) return `${from}: no rule for the folder ${folder}`;
  const first = to.split("/")[0] ?? "";
  const ours = first in layers || first === "styles";
  if (first === folder) return undefined;
  if (ours && !layer.folders.includes(first)) return `${from} imports ${to}: ${folder} may not know ${first}`;
  if (!ours && !layer.packages.some((name) => to === name || to.startsWith(`${name}/`) || to.startsWith(`${name}-data/`))) {
    return `${from} imports the package ${to}`;
  }
  const why = layer.refuse?.(to, typeOnly);
  return why && `${from} imports ${to}: ${why}`;
}

describe("layers", () => {
  it("sees the imports of every folder", () => {
    const seen = new Set(imports().map(({ from }) => from.split("/")[0]));
    expect([...Object.keys(layers)].filter((name) => name !== "gen" && name !== "types" && !seen.has(name))).toEqual([]);
    expect(imports().length).toBeGreaterThan(400);
  });

  it("imports point down, never sideways", () => {
    expect(imports().map(fault).filter((text) => text !== undefined)).toEqual([]);
  });

  it.each<[string, Import]>([
    ["the widget the console", { from: "widget/Panel.tsx", to: "console/router", typeOnly: false }],
    ["the console the widget", { from: "console/Shell.tsx", to: "widget/state", typeOnly: true }],
    ["core ui", { from: "core/view.ts", to: "ui/strings", typeOnly: false }],
    ["core a framework", { from: "core/view.ts", to: "preact", typeOnly: false }],
    ["core the browser", { from: "core/desk.ts", to: "browser/env", typeOnly: false }],
    ["ui the api, even its types", { from: "ui/Thread.tsx", to: "core/api", typeOnly: true }],
    ["ui the store", { from: "ui/Thread.tsx", to: "core/store", typeOnly: false }],
    ["the handset ui", { from: "handset/Chat.tsx", to: "ui/Bubble", typeOnly: false }],
    ["the handset core", { from: "handset/Chat.tsx", to: "core/store", typeOnly: false }],
  ])("would refuse %s", (_, wrong) => {
    expect(fault(wrong)).toBeDefined();
  });
});
