// Makes dist/: an entry each for the estimator, the formatter, the element and the worker, and one file for a page with one script tag;
// the wasm beside them. `vite`'s library mode is not used: it puts the wasm into the JavaScript as base64.
import { copyFile, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { execFileSync } from "node:child_process";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { brotliCompressSync } from "node:zlib";
import { build, type BuildOptions } from "rolldown";

const here = import.meta.dirname;
const dist = join(here, "dist");
const wasm = "cartwright_estimates_bg.wasm";

const options = (input: Record<string, string>, codeSplitting: boolean): BuildOptions => ({
  input,
  cwd: here,
  platform: "browser",
  output: { dir: dist, format: "esm", sourcemap: true, minify: true, codeSplitting, entryFileNames: "[name].js", chunkFileNames: "[name].js" },
});

await rm(dist, { recursive: true, force: true });
await build(options({ index: "src/index.ts", format: "src/format.ts", element: "src/element/define.ts" }, true));
await build(options({ worker: "src/worker.ts" }, false));
await build(options({ "delivery-estimate": "src/element/define.ts" }, false));
await copyFile(join(here, "pkg", wasm), join(dist, wasm));
const tsc = join(dirname(createRequire(import.meta.url).resolve("typescript/package.json")), "bin", "tsc");
execFileSync(process.execPath, [tsc, "-p", join(here, "tsconfig.build.json")], { stdio: "inherit" });

// What a page loads for each entry, with the chunks that it imports.
const files = (await readdir(dist)).filter((name) => name.endsWith(".js") || name.endsWith(".wasm"));
const sizes = new Map<string, { bytes: number; brotli: number }>();
for (const name of files) {
  const content = await readFile(join(dist, name));
  sizes.set(name, { bytes: content.length, brotli: brotliCompressSync(content).length });
}
await writeFile(join(dist, "sizes.json"), JSON.stringify(Object.fromEntries(sizes), undefined, 2));
for (const [name, { bytes, brotli }] of sizes) console.log(`${name.padEnd(34)} ${bytes} B, ${brotli} B brotli`);
