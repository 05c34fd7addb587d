// A page with elements in a real Chromium, and a shop's server behind it. Only for tests.
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, type TestContext } from "node:test";
import { chromium, type Browser, type BrowserContextOptions, type Page } from "playwright-core";
import type { Question, ShippingOption } from "../../src/generated/types.js";
import { estimate, header, HOUR, keys, makeBundle, option, rfc3339, serve, type TestServer } from "../support.js";

const here = import.meta.dirname;
const executablePath = process.env["CARTWRIGHT_CHROMIUM"] ?? "/usr/bin/chromium";
const args = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-sync"];

/** Why tests in a browser cannot run here, or false. */
export const skip = !existsSync(executablePath)
  ? `there is no Chromium at ${executablePath}; name one in CARTWRIGHT_CHROMIUM`
  : !existsSync(join(here, "../../dist/delivery-estimate.js")) && "dist/ is not built; run npm run build";

/** A Sunday, 23:46 before midnight in UTC: 2 h 14 min before the cut-off. */
export const NOW = Date.parse("2026-11-22T11:46:00Z");
export const CUT_OFF = NOW + 2 * HOUR + 14 * 60_000;

let browser: Browser;
if (!skip) {
  before(async () => {
    browser = await chromium.launch({ executablePath, args });
  });
  after(() => browser.close());
}

export interface Shop {
  http: TestServer;
  /** What the server answers. */
  options: (question: Question) => ShippingOption[];
  /** The server's clock. */
  now: number;
  bundle: Uint8Array | undefined;
  /** Further headers of the page. */
  headers: Record<string, string>;
  html: string;
  questions(): Question[];
}

/** A shop whose plugin only the server can ask, so that what is tested is the element. */
export async function shop(t: TestContext): Promise<Shop> {
  const pair = keys();
  const of = header(NOW - HOUR, { undescribed: "two plugins" });
  const state: Omit<Shop, "http" | "questions"> = {
    options: () => [option({ price: 0, untilFree: 0, orderBy: rfc3339(state.now < CUT_OFF ? CUT_OFF : CUT_OFF + 24 * HOUR) })],
    ...{ now: NOW, bundle: makeBundle(pair, of, new Uint8Array()), headers: {}, html: "" },
  };
  const http = await serve(({ path, body }, response) => {
    response.setHeader("date", new Date(state.now).toUTCString());
    const json = (value: unknown) => void response.setHeader("content-type", "application/json").end(JSON.stringify(value));
    if (path === "/") {
      for (const [name, value] of Object.entries(state.headers)) response.setHeader(name, value);
      response.setHeader("content-type", "text/html; charset=utf-8").end(state.html);
    } else if (path.startsWith("/estimates/")) {
      const type = path.endsWith(".wasm") ? "application/wasm" : "text/javascript";
      readFile(join(here, "../../dist", path.slice(11))).then(
        (file) => response.setHeader("content-type", type).end(file),
        () => response.writeHead(404).end(),
      );
    } else if (path.endsWith("/estimate-key")) {
      response.setHeader("cache-control", "public, max-age=60");
      json({ algorithm: "Ed25519", key: pair.text });
    } else if (path.endsWith("/estimates")) json({ ...estimate(rfc3339(state.now)), options: state.options(JSON.parse(body) as Question) });
    else if (path.endsWith("/estimate-bundle") && state.bundle) response.setHeader("cache-control", "public, max-age=60").end(state.bundle);
    else response.writeHead(404).end();
  });
  t.after(() => http[Symbol.asyncDispose]());
  const questions = () => http.seen.filter(({ path }) => path.endsWith("/estimates")).map(({ body }) => JSON.parse(body) as Question);
  return Object.assign(state, { http, questions });
}

export const ATTRIBUTES = 'bundle="/v1/shops/demo/estimate-bundle" country="US" sku="TENT" price="54995" weight="1470"';

export function html(body: string, lang = "en"): string {
  return `<!doctype html><html lang="${lang}"><head><meta charset="utf-8"><title>A tent</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<style>:root { color-scheme: light dark; font: 16px/1.5 sans-serif } delivery-estimate { display: block; min-height: 9.75em }</style>
<script type="module" src="/estimates/delivery-estimate.js"></script></head><body><main><h1>A tent</h1>${body}<p id="below">Below.</p></main></body></html>`;
}

/** Resolves when something of the page is on the screen. */
const PAINTED = `new Promise((resolve) => new PerformanceObserver(resolve).observe({ type: "paint", buffered: true }))`;

/** Opens the shop's page; one that throws fails the test. `late`: its script comes after its first paint. */
export async function open(t: TestContext, shop: Shop, options: BrowserContextOptions & { late?: boolean } = {}): Promise<Page> {
  const { late, ...rest } = options;
  const context = await browser.newContext({ locale: "en-US", timezoneId: "America/New_York", ...rest });
  const page = await context.newPage();
  const thrown: Error[] = [];
  page.on("pageerror", (error) => thrown.push(error));
  t.after(async () => {
    await context.close();
    if (thrown[0]) throw thrown[0];
  });
  if (late) {
    await page.route("**/delivery-estimate.js", async (route) => {
      await page.evaluate(PAINTED);
      await route.continue();
    });
  }
  await page.clock.install({ time: NOW });
  await page.goto(`${shop.http.url}/`);
  return page;
}

/** What is seen of the summary, when it says what is expected. */
export async function summary(page: Page, expected: RegExp): Promise<string> {
  const line = page.locator("delivery-estimate .line").filter({ hasText: expected });
  await line.waitFor();
  return ((await line.textContent()) ?? "").replace(/\s/g, " ");
}

/** What a screen reader is told. */
export function said(page: Page): Promise<string> {
  return page.locator("delivery-estimate .said").evaluate((element) => (element.textContent ?? "").replace(/\s/g, " "));
}
