// Lighthouse's figures without Lighthouse: largest contentful paint, cumulative layout shift and total blocking time of a first visit, on a
// desk as the machine is, and as on a middling phone: processor 4 times slower, 1.6 Mbit/s, 150 ms there and back.

import type { BrowserContextOptions, Page } from "playwright-core";
import { browser, DESK, PHONE } from "../harness/chromium.js";
import { address } from "../harness/environment.js";
import { median, ms, row } from "./table.js";

const ROUNDS = 5;
/** A page is quiet when nothing was loaded and the processor was not held for so long, in milliseconds. */
const QUIET = 500;

const WATCH = `
  globalThis.__vitals = { paint: 0, shift: 0, first: 0, blocking: [], last: 0 };
  const watch = (type, note) => new PerformanceObserver((list) => list.getEntries().forEach(note)).observe({ type, buffered: true });
  watch("largest-contentful-paint", (entry) => { __vitals.paint = entry.startTime; });
  watch("paint", (entry) => { if (entry.name === "first-contentful-paint") __vitals.first = entry.startTime; });
  watch("layout-shift", (entry) => { if (!entry.hadRecentInput) __vitals.shift += entry.value; });
  watch("longtask", (entry) => { __vitals.blocking.push([entry.startTime, entry.duration]); __vitals.last = entry.startTime + entry.duration; });
  watch("resource", (entry) => { __vitals.last = Math.max(__vitals.last, entry.responseEnd); });
`;

interface Vitals { paint: number; shift: number; blocking: number }

/** Where, and what must be there before it is worth a visit. */
const PAGES: readonly (readonly [name: string, path: string, prepare: boolean])[] = [
  ["products", "/#/", false],
  ["a product", "/#/products/two-person-tent", false],
  ["the cart", "/#/cart", true],
  ["checkout: address", "/#/checkout/address", true],
  ["the page of plain HTML", "/examples/product-page.html", false],
];

async function vitals(page: Page): Promise<Vitals> {
  await page.waitForFunction((quiet) => {
    const { last, first } = Reflect.get(globalThis, "__vitals") as { last: number; first: number };
    return first > 0 && performance.now() > Math.max(last, first) + quiet;
  }, QUIET);
  return page.evaluate(() => {
    const { paint, shift, first, blocking } = Reflect.get(globalThis, "__vitals") as { paint: number; shift: number; first: number; blocking: [number, number][] };
    const held = blocking.filter(([start]) => start >= first).reduce((sum, [, duration]) => sum + Math.max(duration - 50, 0), 0);
    return { paint, shift, blocking: held };
  });
}

async function measure(path: string, prepare: boolean, options: BrowserContextOptions, slow: boolean): Promise<Vitals> {
  const context = await (await browser()).newContext({ baseURL: address(), ...options });
  await context.addInitScript(WATCH);
  const page = await context.newPage();
  const session = await context.newCDPSession(page);
  if (prepare) {
    await page.goto("/#/products/two-person-tent");
    await page.getByRole("button", { name: "Add to cart" }).click();
    await page.getByRole("link", { name: "Go to the cart" }).waitFor();
    await page.goto("about:blank");
  }
  await session.send("Network.enable");
  await session.send("Network.clearBrowserCache");
  if (slow) {
    await session.send("Emulation.setCPUThrottlingRate", { rate: 4 });
    const throughput = (1.6 * 1_000_000) / 8;
    await session.send("Network.emulateNetworkConditions", { offline: false, latency: 150, downloadThroughput: throughput, uploadThroughput: throughput / 2 });
  }
  await page.goto(path);
  const result = await vitals(page);
  await context.close();
  return result;
}

export async function printPages(): Promise<void> {
  row("", "LCP ms", "CLS", "TBT ms");
  for (const [where, options, slow] of [["desk", { viewport: DESK }, false], ["phone, slow", { viewport: PHONE, isMobile: true, hasTouch: true }, true]] as const) {
    for (const [name, path, prepare] of PAGES) {
      const runs: Vitals[] = [];
      for (let round = 0; round < ROUNDS; round++) runs.push(await measure(path, prepare, options, slow));
      row(`${name} (${where})`, ms(median(runs.map(({ paint }) => paint))), Math.max(...runs.map(({ shift }) => shift)).toFixed(3), ms(median(runs.map(({ blocking }) => blocking))));
    }
  }
  console.log(`nothing cached; medians of ${ROUNDS}, the layout shift is the worst of them; Lighthouse calls good: LCP 2,500, CLS 0.1, TBT 200`);
}
