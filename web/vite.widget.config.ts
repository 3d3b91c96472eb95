import { readFileSync } from "node:fs";
import { defineConfig, mergeConfig, transformWithOxc, type PluginOption } from "vite";
import { shared } from "./vite.shared.js";

/**
 * Writes widget.js, the one file with a name that stays. It is a classic script, so that
 * a plain script element takes it, and knows the hashed name of the module that is the
 * widget: a browser keeps that one for good.
 */
function loader(): PluginOption {
  return {
    name: "widget-loader",
    async generateBundle(_, bundle) {
      const entry = Object.values(bundle).find((file) => file.type === "chunk" && file.isEntry);
      if (!entry) throw new Error("the widget has no entry");
      const file = "src/widget/loader.ts";
      const { code } = await transformWithOxc(readFileSync(file, "utf8"), file, { define: { ENTRY: JSON.stringify(entry.fileName) } });
      this.emitFile({ type: "asset", fileName: "widget.js", source: code });
    },
  };
}

/** The widget: a loader at the root, and chunks that are loaded when they are needed, relative to each other. */
export default defineConfig(
  mergeConfig(shared(), {
    base: "./",
    publicDir: false,
    plugins: [loader()],
    build: {
      outDir: "dist",
      emptyOutDir: false,
      rolldownOptions: {
        input: { main: "src/widget/main.ts" },
        output: { entryFileNames: "assets/widget-[name]-[hash].js", chunkFileNames: "assets/widget-[name]-[hash].js" },
      },
    },
  }),
);
