// How long a shopper waits: from navigation to the first estimate that is painted, on the documentation's page of plain HTML.

import type { Browser, Page } from "playwright-core";
import { browser } from "../harness/chromium.js";
import { address } from "../harness/environment.js";
import { median, ms, quantile, row } from "./table.js";

const ROUNDS = 15;
const PAGE = "/examples/product-page.html";

/** Notes when the first estimate was said, and when it was on the screen. */
const WATCH = `
  document.addEventListener("estimate", (event) => {
    if (globalThis.__said !== undefined || event.detail.source === "none") return;
    globalThis.__said = { source: event.detail.source, said: performance.now() };
    requestAnimationFrame(() => setTimeout(() => { globalThis.__painted = performance.now(); }));
  });
`;

interface First { said: number; painted: number }

async function first(page: Page): Promise<First> {
  await page.waitForFunction("globalThis.__painted !== undefined");
  const { source, said, painted } = await page.evaluate(() => ({
    ...(Reflect.get(globalThis, "__said") as { source: string; said: number }),
    painted: Reflect.get(globalThis, "__painted") as number,
  }));
  if (source !== "browser") throw new Error(`the first estimate came from ${source}`);
  return { said, painted };
}

async function measure(chromium: Browser, slowdown: number): Promise<{ cold: First[]; warm: First[] }> {
  const [cold, warm]: [First[], First[]] = [[], []];
  for (let round = 0; round < ROUNDS; round++) {
    // A new profile has neither files nor compiled code.
    const context = await chromium.newContext({ baseURL: address() });
    await context.addInitScript(WATCH);
    const page = await context.newPage();
    const session = await context.newCDPSession(page);
    await session.send("Emulation.setCPUThrottlingRate", { rate: slowdown });
    await page.goto(PAGE);
    cold.push(await first(page));
    await page.goto("about:blank");
    await page.goto(PAGE);
    warm.push(await first(page));
    await context.close();
  }
  return { cold, warm };
}

export async function printFirst(): Promise<void> {
  const chromium = await browser();
  await measure(chromium, 1);
  row("milliseconds", "answered", "painted", "painted p90");
  for (const [name, slowdown] of [["", 1], [", processor 4 times slower", 4]] as const) {
    const { cold, warm } = await measure(chromium, slowdown);
    for (const [state, runs] of [["nothing cached", cold], ["visited before", warm]] as const) {
      const painted = runs.map((run) => run.painted);
      row(`${state}${name}`, ms(median(runs.map(({ said }) => said))), ms(median(painted)), ms(quantile(painted, 0.9)));
    }
  }
  console.log(`medians of ${ROUNDS}; server, Chromium and this program share the machine`);
}
