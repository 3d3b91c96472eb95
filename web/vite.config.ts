import { existsSync } from "node:fs";
import { defineConfig, mergeConfig } from "vite";
import { shared } from "./vite.shared.js";

const pages = ["index", "handset"].filter((page) => existsSync(`${import.meta.dirname}/${page}.html`));
const server = process.env.CONVERSE_URL ?? "http://127.0.0.1:8080";

/** The pages: the console, and the sandbox's handset. */
export default defineConfig(
  mergeConfig(shared(), {
    build: {
      outDir: "dist",
      emptyOutDir: true,
      rolldownOptions: { input: Object.fromEntries(pages.map((page) => [page, `${page}.html`])) },
    },
    server: {
      proxy: Object.fromEntries(
        ["/converse.v1.", "/media/", "/imports/", "/exports/", "/demo.json"].map((path) => [path, { target: server, changeOrigin: true }]).concat([
          ["/ws", { target: server, changeOrigin: true, ws: true }] as never,
        ]),
      ),
    },
  }),
);
