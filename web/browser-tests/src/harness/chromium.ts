// One Chromium for a test file, and visits in it: a fresh profile and page each, watched for everything that a page must not do by itself.

import assert from "node:assert/strict";
import { after } from "node:test";
import { type Browser, type BrowserContextOptions, chromium, type BrowserContext, type ConsoleMessage, type Page } from "playwright-core";
import { address, chromiumPath } from "./environment.js";

const SWITCHES = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** Nothing that a page of ours does takes longer. */
const PATIENCE = 10_000;

let shared: Promise<Browser> | undefined;

/** The file's Chromium, started on first use and closed after the file's last test. */
export function browser(): Promise<Browser> {
  shared ??= chromium.launch({ executablePath: chromiumPath(), args: SWITCHES });
  return shared;
}

/** Closes the Chromium of this process, if there is one. */
export async function closeBrowser(): Promise<void> {
  await (await shared)?.close();
  shared = undefined;
}

export interface Visit {
  readonly page: Page;
  readonly context: BrowserContext;
  /** Console errors that this test provokes: whatever matches is no fault. */
  expectErrors(...patterns: RegExp[]): void;
  /** How far things have moved by themselves since the page began, as the metric Cumulative Layout Shift counts. */
  layoutShift(): Promise<number>;
}

export interface VisitOptions extends BrowserContextOptions {
  /** False for tests that move the layout on purpose. */
  steady?: boolean;
}

export const DESK = { width: 1280, height: 800 };
export const PHONE = { width: 360, height: 740 };

/** Sums layout shifts as they happen. As text: compiled functions refer to helpers that a page does not have. */
const WATCH_SHIFTS = `
  globalThis.__name = (thing) => thing;
  globalThis.__shifts = [];
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) {
      if (entry.hadRecentInput) continue;
      const sources = entry.sources.map(({ node }) => node?.outerHTML?.slice(0, 80) ?? node?.textContent?.slice(0, 40));
      globalThis.__shifts.push({ value: entry.value, sources });
    }
  }).observe({ type: "layout-shift", buffered: true });
`;

interface Shift { value: number; sources: string[] }

/** Opens a fresh profile, runs, and fails when the page logged an error, threw, or moved by itself. */
export async function visit(options: VisitOptions, run: (visit: Visit) => Promise<void>): Promise<void> {
  const { steady = true, ...rest } = options;
  const context = await (await browser()).newContext({ baseURL: address(), viewport: DESK, locale: "en-US", ...rest });
  context.setDefaultTimeout(PATIENCE);
  await context.addInitScript(WATCH_SHIFTS);
  const faults: string[] = [];
  const expected: RegExp[] = [];
  context.on("console", (message: ConsoleMessage) => {
    // Browsers ask for an icon that nobody has offered.
    const { url } = message.location();
    if (message.type() === "error" && !url.endsWith("/favicon.ico")) faults.push(`${message.text()} (${url})`);
  });
  context.on("weberror", (error) => faults.push(`thrown: ${error.error().stack ?? error.error().message}`));
  const page = await context.newPage();
  const shifts = async () => (await page.evaluate(() => Reflect.get(globalThis, "__shifts") ?? [])) as Shift[];
  try {
    await run({
      page,
      context,
      expectErrors: (...patterns) => void expected.push(...patterns),
      layoutShift: async () => (await shifts()).reduce((sum, shift) => sum + shift.value, 0),
    });
    const unexpected = faults.filter((fault) => !expected.some((pattern) => pattern.test(fault)));
    assert.deepEqual(unexpected, [], "the page logged an error or threw");
    if (steady) assert.deepEqual(await shifts(), [], "the layout moved by itself");
  } catch (error) {
    await keepPicture(page);
    if (faults.length > 0) console.error("the page logged:", faults);
    throw error;
  } finally {
    await context.close();
  }
}

/** A picture of the page at which a test failed, where CARTWRIGHT_PICTURES says. */
async function keepPicture(page: Page): Promise<void> {
  const folder = process.env["CARTWRIGHT_PICTURES"];
  if (folder === undefined) return;
  const path = `${folder}/${Date.now()}.png`;
  await page.screenshot({ path, fullPage: true }).then(() => console.error(`a picture: ${path}`), () => undefined);
}

/** To be called once at the top of a test file. */
export function useChromium(): void {
  after(closeBrowser);
}
