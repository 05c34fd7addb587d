// Bytes: what Chromium asks for until there is an estimate, each file as brotli (quality 11) makes it, and the bundle as it is transferred.

import { get } from "node:http";
import { brotliCompressSync } from "node:zlib";
import { address } from "../harness/environment.js";
import { visit } from "../harness/chromium.js";
import { oneMug } from "../harness/carts.js";
import { BUNDLE, consult, openLab } from "../harness/lab.js";
import { EstimateElement } from "../pages/estimate.js";
import { row } from "./table.js";

interface Loaded { path: string; raw: number; brotli: number }

const KIB = (bytes: number) => (bytes / 1000).toFixed(1);

/** What is fetched from the package while `run` runs, largest first. */
async function loads(run: (page: import("playwright-core").Page) => Promise<void>): Promise<Loaded[]> {
  const loaded: Promise<Loaded>[] = [];
  await visit({ steady: false }, async ({ page }) => {
    page.on("response", (response) => {
      const { pathname } = new URL(response.url());
      if (!pathname.startsWith("/estimates/")) return;
      loaded.push(response.body().then((body) => ({ path: pathname.replace("/estimates/", ""), raw: body.length, brotli: brotliCompressSync(body).length })));
    });
    await run(page);
    await Promise.all(loaded);
  });
  return (await Promise.all(loaded)).sort((a, b) => b.brotli - a.brotli);
}

/** Bytes of the body on the wire, as a browser asks for it. */
function transferred(path: string): Promise<{ bytes: number; encoding: string }> {
  return new Promise((done, failed) => {
    get(`${address()}${path}`, { headers: { "accept-encoding": "gzip, deflate, br, zstd" } }, (response) => {
      let bytes = 0;
      response.on("data", (chunk: Buffer) => void (bytes += chunk.length));
      response.on("end", () => done({ bytes, encoding: response.headers["content-encoding"] ?? "identity" }));
      response.on("error", failed);
    }).on("error", failed);
  });
}

function print(title: string, files: readonly Loaded[]): void {
  row(title, "raw kB", "brotli kB");
  for (const { path, raw, brotli } of files) row(`  ${path}`, KIB(raw), KIB(brotli));
  const sum = (of: (file: Loaded) => number) => KIB(files.reduce((sum, file) => sum + of(file), 0));
  row("  together", sum(({ raw }) => raw), sum(({ brotli }) => brotli));
}

export async function printSizes(): Promise<void> {
  const estimator = await loads(async (page) => {
    await openLab(page);
    const { source } = await consult(page, oneMug());
    if (source !== "browser") throw new Error(`the estimate came from ${source}`);
  });
  print("createEstimator: wasm and JavaScript", estimator);
  const element = await loads(async (page) => {
    await page.goto("/examples/product-page.html");
    await new EstimateElement(page.locator("delivery-estimate").first()).result("browser");
  });
  print("<delivery-estimate> by one script tag", element);
  for (const shop of ["demo", "everywhere", "kyoto"]) {
    const { bytes, encoding } = await transferred(BUNDLE.replace("demo", shop));
    row(`bundle of the shop ${shop} as transferred`, "", KIB(bytes));
    if (shop === "demo") row("", "", `(${encoding})`);
  }
  console.log("aims: wasm and glue at most 45 kB brotli, the demo shop's bundle at most 10 kB");
}
