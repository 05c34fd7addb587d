// An empty page of the site that has the estimates' package, for tests of the package itself: no element, no shop around it.

import type { EstimateResult, EstimatorOptions, Problem, Provenance, Question } from "@cartwright/estimates";
import type { BrowserContext, Page } from "playwright-core";

const PAGE = "/lab.html";
const HTML = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<link rel="icon" href="data:,">
<title>Lab</title>
<script type="module">
  import { createEstimator } from "/estimates/index.js";
  globalThis.createEstimator = createEstimator;
  globalThis.ready = true;
</script>
<h1>Lab</h1>`;

/** Where the demo's bundle is. */
export const BUNDLE = "/v1/shops/demo/estimate-bundle";

/** Opens the page, under a content security policy if one is given. */
export async function openLab(page: Page, policy?: string): Promise<void> {
  const headers: Record<string, string> = policy === undefined ? {} : { "content-security-policy": policy };
  await page.route(`**${PAGE}`, (route) => route.fulfill({ contentType: "text/html", body: HTML, headers }));
  await page.goto(PAGE);
  await page.waitForFunction("globalThis.ready === true");
}

export type Options = Pick<EstimatorOptions, "key" | "worker" | "server"> & { bundle: string };

/** What an estimator says of itself, and its two answers to one question. */
export interface Consulted {
  source: "browser" | "server" | "none";
  problem?: Problem;
  provenance?: Provenance;
  clock: "server" | "device";
  /** RFC 3339. */
  now: string;
  estimated: EstimateResult;
  asked: EstimateResult;
}

/** Makes an estimator in the page and asks it. It stays open as `globalThis.estimator`. */
export async function consult(page: Page, question: Question, options: Partial<Options> = {}): Promise<Consulted> {
  const text = await page.evaluate(async ({ options, question }) => {
    const create = Reflect.get(globalThis, "createEstimator") as typeof import("@cartwright/estimates").createEstimator;
    const estimator = await create(options);
    Reflect.set(globalThis, "estimator", estimator);
    const { source, problem, provenance, clock } = estimator;
    const estimated = estimator.estimate(question);
    const asked = await estimator.ask(question);
    return JSON.stringify({ source, problem, provenance, clock, now: estimator.now().toISOString(), estimated, asked });
  }, { options: { bundle: BUNDLE, ...options }, question });
  return JSON.parse(text) as Consulted;
}

/** Asks the page's estimator again. */
export async function askAgain(page: Page, question: Question): Promise<EstimateResult> {
  const text = await page.evaluate(async (question) => {
    const estimator = Reflect.get(globalThis, "estimator") as import("@cartwright/estimates").Estimator;
    return JSON.stringify(await estimator.ask(question));
  }, question);
  return JSON.parse(text) as EstimateResult;
}

/** What a bundle's address answers in place of the server: `change` makes it of what the server says. */
export async function replaceBundle(
  context: BrowserContext,
  change: (bundle: Buffer) => { body?: Buffer; status?: number; headers?: Record<string, string> },
): Promise<void> {
  await context.route("**/estimate-bundle", async (route) => {
    const response = await route.fetch();
    const { body = await response.body(), status = response.status(), headers } = change(await response.body());
    await route.fulfill({ status, body, headers: { ...response.headers(), ...headers } });
  });
}

/** Lets the page believe in another key than the server's. */
export async function replaceKey(context: BrowserContext, key: string): Promise<void> {
  await context.route("**/estimate-key", (route) => route.fulfill({ json: { algorithm: "Ed25519", key } }));
}
