// Clocks that are wrong, networks that are gone, tabs that sleep.

import assert from "node:assert/strict";
import { test } from "node:test";
import type { Estimator } from "@cartwright/estimates";
import type { Page } from "playwright-core";
import { askServer } from "../harness/api.js";
import { oneMug } from "../harness/carts.js";
import { useChromium, visit } from "../harness/chromium.js";
import { askAgain, BUNDLE, consult, openLab, replaceBundle } from "../harness/lab.js";

useChromium();

const DAY = 86_400_000;

for (const [wrong, days] of [["a day fast", 1], ["a day slow", -1], ["three years slow", -3 * 365]] as const) {
  test(`a device whose clock is ${wrong} promises what the server's clock allows`, async () => {
    await visit({}, async ({ page }) => {
      await page.clock.install({ time: Date.now() + days * DAY });
      await openLab(page);
      const { source, clock, now, estimated } = await consult(page, oneMug());
      assert.deepEqual({ source, clock }, { source: "browser", clock: "server" });
      assert.ok(Math.abs(Date.parse(now) - Date.now()) < 10_000, `the page takes it to be ${now}`);
      assert.ok(Math.abs(Date.parse(estimated.at) - Date.now()) < 10_000, `the estimate is for ${estimated.at}`);
      assert.deepEqual(estimated.options, (await askServer({ ...oneMug(), at: estimated.at })).body.options);
    });
  });
}

test("after it has loaded, the page estimates without a network", async () => {
  await visit({}, async ({ page, context }) => {
    await openLab(page);
    await consult(page, oneMug());
    const requests: string[] = [];
    page.on("request", (request) => requests.push(request.url()));
    await context.setOffline(true);
    const question = { ...oneMug(), destination: { country: "US", postalCode: "94107" } };
    const asked = await askAgain(page, question);
    assert.equal(asked.source, "browser");
    await context.setOffline(false);
    assert.deepEqual(requests, []);
    assert.deepEqual(asked.options, (await askServer({ ...question, at: asked.at })).body.options);
  });
});

test("a page that has been here before estimates again without a network", async () => {
  await visit({}, async ({ page, context, expectErrors }) => {
    expectErrors(/ERR_INTERNET_DISCONNECTED/);
    // A page of the site itself: where a test answers requests in the server's place, Chromium keeps nothing.
    await page.goto("/examples/product-page.html");
    const create = async () => page.evaluate(async ({ bundle, question }) => {
      const { createEstimator } = (await import(`${location.origin}/estimates/index.js`)) as typeof import("@cartwright/estimates");
      const { source, clock, estimate } = await createEstimator({ bundle }).then((made) => ({ source: made.source, clock: made.clock, estimate: made.estimate(question) }));
      return { source, clock, options: estimate.options.length };
    }, { bundle: BUNDLE, question: oneMug() });
    assert.deepEqual((await create()).clock, "server");
    await context.setOffline(true);
    const { source, clock, options } = await create();
    assert.equal(source, "browser", "the bundle of before is still in the browser's cache");
    assert.equal(clock, "device", "nobody has said what time it is");
    assert.ok(options > 0);
    await context.setOffline(false);
  });
});

test("without a network from the beginning nothing is promised, and nothing thrown", async () => {
  await visit({}, async ({ page, context, expectErrors }) => {
    expectErrors(/ERR_/);
    await openLab(page);
    await context.route("**/v1/**", (route) => route.abort("internetdisconnected"));
    const { source, problem, asked } = await consult(page, oneMug());
    assert.ok(source !== "browser");
    assert.equal(problem?.code, "OFFLINE");
    assert.equal(asked.source, "none");
    assert.deepEqual(asked.options, []);
  });
});

/** The estimator's own word for what time it is. */
async function now(page: Page): Promise<number> {
  return page.evaluate(() => (Reflect.get(globalThis, "estimator") as Estimator).now().getTime());
}

test("a tab that sleeps over a cut-off wakes up to the days that still hold", async () => {
  await visit({}, async ({ page, context }) => {
    let slept = 0;
    // The world's clock goes on while the tab sleeps.
    await replaceBundle(context, () => ({ headers: { date: new Date(Date.now() + slept).toUTCString() } }));
    await page.clock.install();
    await openLab(page);
    const { estimated } = await consult(page, oneMug());
    const cutOff = Math.min(...estimated.options.map(({ orderBy }) => Date.parse(orderBy ?? "") || Infinity));
    assert.ok(Number.isFinite(cutOff), "the demo's options have a cut-off");
    slept = cutOff - Date.now() + 60_000;
    const changed = page.evaluate(() => new Promise((resolve) => {
      (Reflect.get(globalThis, "estimator") as Estimator).addEventListener("change", () => resolve(true), { once: true });
    }));
    await page.clock.fastForward(slept);
    assert.equal(await changed, true, "the page hears that the cut-off has passed");
    assert.ok(Math.abs((await now(page)) - (Date.now() + slept)) < 10_000);
    const awake = await askAgain(page, oneMug());
    assert.ok(awake.options.every(({ orderBy }) => orderBy === undefined || Date.parse(orderBy) > cutOff), "no cut-off of before is promised");
    assert.notDeepEqual(awake.options, estimated.options);
    assert.deepEqual(awake.options, (await askServer({ ...oneMug(), at: awake.at })).body.options);
  });
});

test("a tab that sleeps for a month gives no promise from its old bundle", async () => {
  await visit({}, async ({ page, context, expectErrors }) => {
    expectErrors(/ERR_/);
    await page.clock.install();
    await openLab(page);
    await consult(page, oneMug());
    await context.setOffline(true);
    await page.clock.fastForward(31 * DAY);
    const asked = await askAgain(page, oneMug());
    assert.equal(asked.source, "none");
    assert.deepEqual(asked.options, []);
    assert.equal(asked.problem !== undefined, true);
    await context.setOffline(false);
  });
});
