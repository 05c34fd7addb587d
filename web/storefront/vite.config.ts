// Builds the shop to static files. Whoever serves them puts the API beside them at /v1; while developing, Vite passes it on.
import { defineConfig } from "vite";

/** Where the API answers while developing: `cartwright serve --listen 127.0.0.1:8102`, or what API names. */
const api = process.env["API"] ?? "http://127.0.0.1:8102";

/**
 * The element's package may not be built yet; the shop must build and work without it: its place then shows the sentence that stands
 * in the element until it is there.
 */
function elementIsThere(): boolean {
  try {
    import.meta.resolve("@cartwright/estimates/element");
    return true;
  } catch {
    return false;
  }
}

export default defineConfig({
  base: "./",
  define: { __ELEMENT__: JSON.stringify(elementIsThere()) },
  build: { target: "es2022", sourcemap: true, assetsInlineLimit: 0, modulePreload: { polyfill: false } },
  server: { proxy: { "/v1": api } },
  preview: { proxy: { "/v1": api } },
});
