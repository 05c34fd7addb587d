// Builds the shop to static files. Whoever serves them puts the API beside them at /v1; while developing, Vite passes it on.
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { defineConfig } from "vite";

/** Where the API answers while developing: `cartwright serve --listen 127.0.0.1:8102`, or what API names. */
const api = process.env["API"] ?? "http://127.0.0.1:8102";

const ELEMENT = "@cartwright/estimates/element";

/**
 * The element's package may not be built yet; the shop must build and work without it: its place then shows the sentence that stands
 * in the element until it is there.
 */
function elementIsThere(): boolean {
  try {
    return existsSync(fileURLToPath(import.meta.resolve(ELEMENT)));
  } catch {
    return false;
  }
}

const without = elementIsThere() ? {} : { [ELEMENT]: fileURLToPath(new URL("src/no-element.ts", import.meta.url)) };

export default defineConfig({
  base: "./",
  resolve: { alias: without },
  build: { target: "es2022", sourcemap: true, assetsInlineLimit: 0, modulePreload: { polyfill: false } },
  server: { proxy: { "/v1": api } },
  preview: { proxy: { "/v1": api } },
});
