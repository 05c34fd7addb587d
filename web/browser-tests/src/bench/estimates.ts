// The time of one estimate: of the wasm in the page, of the worker, and of a fetch from the server on the same machine.

import type { Estimator, Question } from "@cartwright/estimates";
import type { Page } from "playwright-core";
import { visit } from "../harness/chromium.js";
import { benchCart } from "../harness/carts.js";
import { consult, openLab } from "../harness/lab.js";
import { median, quantile, row } from "./table.js";

/** The page's clock is too coarse for one estimate; so many are timed together. */
const TOGETHER = 40;
const ROUNDS = 150;
const FETCHES = 400;

/** Microseconds each, a value for every round. */
async function inWasm(page: Page, question: Question): Promise<number[]> {
  return page.evaluate(({ question, together, rounds }) => {
    const estimator = Reflect.get(globalThis, "estimator") as Estimator;
    const times: number[] = [];
    for (let round = -rounds / 5; round < rounds; round++) {
      const started = performance.now();
      for (let index = 0; index < together; index++) {
        // No two alike, so that nothing can be remembered.
        question.lines[0]!.unitPrice = 1_000 + index;
        if (estimator.estimate(question).options.length === 0) throw new Error("no option");
      }
      if (round >= 0) times.push(((performance.now() - started) * 1_000) / together);
    }
    return times;
  }, { question, together: TOGETHER, rounds: ROUNDS });
}

async function byFetch(page: Page, question: Question): Promise<number[]> {
  return page.evaluate(async ({ question, fetches }) => {
    const times: number[] = [];
    for (let index = -fetches / 5; index < fetches; index++) {
      question.lines[0]!.unitPrice = 1_000 + Math.abs(index);
      const started = performance.now();
      const response = await fetch("/v1/shops/demo/estimates", {
        method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(question),
      });
      const { options } = (await response.json()) as { options: unknown[] };
      if (options.length === 0) throw new Error("no option");
      if (index >= 0) times.push((performance.now() - started) * 1_000);
    }
    return times;
  }, { question, fetches: FETCHES });
}

async function byWorker(page: Page, question: Question): Promise<number[]> {
  return page.evaluate(async ({ question, fetches }) => {
    const estimator = Reflect.get(globalThis, "estimator") as Estimator;
    const times: number[] = [];
    for (let index = -fetches / 5; index < fetches; index++) {
      question.lines[0]!.unitPrice = 1_000 + Math.abs(index);
      const started = performance.now();
      if ((await estimator.ask(question)).options.length === 0) throw new Error("no option");
      if (index >= 0) times.push((performance.now() - started) * 1_000);
    }
    return times;
  }, { question, fetches: FETCHES });
}

export async function printEstimates(): Promise<void> {
  row("microseconds", "median", "p90");
  await visit({ steady: false }, async ({ page }) => {
    await openLab(page);
    const print = (name: string, times: readonly number[]) => row(name, median(times).toFixed(0), quantile(times, 0.9).toFixed(0));
    for (const count of [1, 10, 100]) {
      const { source } = await consult(page, benchCart(count));
      if (source !== "browser") throw new Error(`the estimate came from ${source}`);
      print(`${count} ${count === 1 ? "line" : "lines"}, in the page`, await inWasm(page, benchCart(count)));
    }
    print("10 lines, fetched from the server", await byFetch(page, benchCart(10)));
    await consult(page, benchCart(10), { worker: true });
    print("10 lines, by the worker", await byWorker(page, benchCart(10)));
  });
  console.log("aim: below 100 µs for 10 lines in the page");
}
