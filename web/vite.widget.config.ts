import { defineConfig, mergeConfig } from "vite";
import { shared } from "./vite.shared.js";

/**
 * The widget: one file at the root that a page includes, and chunks that it loads
 * when they are needed, relative to itself.
 */
export default defineConfig(
  mergeConfig(shared(), {
    base: "./",
    publicDir: false,
    build: {
      outDir: "dist",
      emptyOutDir: false,
      rolldownOptions: {
        input: { widget: "src/widget/main.ts" },
        output: { entryFileNames: "[name].js", chunkFileNames: "assets/widget-[name]-[hash].js" },
      },
    },
  }),
);
