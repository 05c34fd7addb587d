// The browser's wasm and the server's sandboxed plugin answer alike, field for field: random carts, destinations and moments, over the days
// on which clocks change and holidays fall. CARTWRIGHT_QUESTIONS asks more of them, CARTWRIGHT_SEED others.

import assert from "node:assert/strict";
import { test } from "node:test";
import type { EstimateResult, Question } from "@cartwright/estimates";
import { askServer, fetchBundle, fetchKey } from "../harness/api.js";
import { describeShop, Signer, takeApart } from "../harness/bundle.js";
import { randomQuestion } from "../harness/carts.js";
import { useChromium, visit } from "../harness/chromium.js";
import { openLab } from "../harness/lab.js";
import { Random } from "../harness/random.js";

useChromium();

/** In all. The least that is promised is 10,000. */
const QUESTIONS = Number(process.env["CARTWRIGHT_QUESTIONS"] ?? 10_800);
const SEED = Number(process.env["CARTWRIGHT_SEED"] ?? 20261122);
/** Requests under way at once. */
const CONNECTIONS = 6;

interface Shop {
  id: string;
  locations: readonly string[];
  /** First moments of bundles, beside the bundle of today: clocks change, or holidays fall, in the days after. */
  from: readonly string[];
}

const SHOPS: readonly Shop[] = [
  {
    id: "demo",
    locations: ["reno", "columbus", "portland"],
    from: ["2026-10-30T12:00:00Z", "2026-11-24T00:00:00Z", "2026-12-22T06:30:00Z", "2027-03-12T00:00:01Z", "2027-07-01T00:00:00Z"],
  },
  {
    id: "everywhere",
    locations: ["new-york", "dublin", "berlin", "lord-howe", "chatham", "santiago"],
    from: ["2026-09-25T00:00:00Z", "2026-10-02T00:00:00Z", "2026-10-23T00:00:00Z", "2026-10-31T00:00:00Z", "2026-12-23T00:00:00Z",
      "2027-03-12T00:00:00Z", "2027-03-26T00:00:00Z", "2027-04-02T00:00:00Z", "2028-02-27T00:00:00Z"],
  },
  { id: "kyoto", locations: ["kyoto"], from: ["2026-12-28T00:00:00Z", "2027-04-27T00:00:00Z"] },
];

const BUNDLES = SHOPS.reduce((count, shop) => count + shop.from.length + 1, 0);
const SHARE = Math.ceil(QUESTIONS / BUNDLES);

/** What is said twice or is of the browser only is left out; the rest must be equal. */
type Comparable = { estimate: unknown } | { refused: { code: string | undefined; field: string | undefined; message: string | undefined } };

function ofBrowser({ at, currency, options, reasons, problem }: EstimateResult): Comparable {
  if (problem) return { refused: { code: problem.code, field: problem.field, message: problem.message } };
  return { estimate: { at, currency, options, reasons } };
}

async function ofServer(question: Question, shop: string): Promise<Comparable> {
  const { status, body } = await askServer(question, shop);
  if (status !== 200) {
    assert.ok(status >= 400 && status < 500, `${status}: ${JSON.stringify(body)} for ${JSON.stringify(question)}`);
    return { refused: { code: body.code, field: body.field, message: body.detail } };
  }
  const { at, currency, options, reasons } = body;
  return { estimate: { at, currency, options, reasons } };
}

/** In the given order, several at once. */
async function inParallel<Item, Result>(items: readonly Item[], work: (item: Item) => Promise<Result>): Promise<Result[]> {
  const results: Result[] = new Array<Result>(items.length);
  let next = 0;
  const worker = async () => {
    for (let index = next++; index < items.length; index = next++) results[index] = await work(items[index] as Item);
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, worker));
  return results;
}

function timestamp(seconds: number): string {
  return new Date(seconds * 1000).toISOString().replace(".000Z", "Z");
}

/** Random moments that the bundle answers; every hour is as likely, and whole hours and half hours, where cut-offs lie, more so. */
function randomMoment(random: Random, from: number, until: number): string {
  const seconds = random.between(from, until - 1);
  if (random.chance(0.7)) return timestamp(seconds);
  const edge = Math.round(seconds / 900) * 900 + random.between(-1, 1);
  return timestamp(Math.min(Math.max(edge, from), until - 1));
}

/** Just before, at and just after the cut-offs of an answer: where one second decides about a day. */
function aroundCutOffs(question: Question, answer: EstimateResult, from: number, until: number): Question[] {
  const cutOffs = new Set(answer.options.flatMap(({ orderBy }) => (orderBy === undefined ? [] : [Date.parse(orderBy) / 1000])));
  const moments = [...cutOffs].flatMap((cutOff) => [cutOff - 1, cutOff, cutOff + 1]);
  return moments.filter((at) => at >= from && at < until).map((at) => ({ ...question, at: timestamp(at) }));
}

/** Days that a bundle answers, as the server's do. */
const DAYS = 9;

/** The bundle that the server publishes today; or, with a moment, one as it will publish it then, signed by a key of the test's. */
async function bundleFrom(shop: string, start: string): Promise<{ bundle: Buffer; key: string }> {
  const published = await fetchBundle(shop);
  if (start === "") return { bundle: published, key: await fetchKey(shop) };
  const from = Date.parse(start) / 1000;
  const until = from + DAYS * 86_400;
  const parts = takeApart(published);
  const header = { ...parts.header, issued: start, from: start, until: timestamp(until) };
  const signer = new Signer();
  return { bundle: signer.bundle({ ...parts, header, payload: await describeShop(shop, from, until) }), key: signer.key };
}

let asked = 0;

for (const { id, locations, from } of SHOPS) {
  for (const start of ["", ...from]) {
    test(`${id}${start && ` from ${start}`}: the browser answers ${SHARE} questions and more as the server does`, async () => {
      const { bundle, key } = await bundleFrom(id, start);
      const { header, payload } = takeApart(bundle);
      assert.ok(payload.length > 0, `the bundle describes nothing: ${String(header["undescribed"])}`);
      const [first, last] = [header["from"], header["until"]].map((moment) => Date.parse(String(moment)) / 1000) as [number, number];
      const random = new Random(SEED ^ first);
      const questions = Array.from({ length: SHARE }, () => randomQuestion(random, randomMoment(random, first, last), locations));
      await visit({}, async ({ page }) => {
        await openLab(page);
        await page.evaluate(async ({ bytes, key, now }) => {
          const create = Reflect.get(globalThis, "createEstimator") as typeof import("@cartwright/estimates").createEstimator;
          const options = { bundle: Uint8Array.from(bytes), key, server: false as const, now: () => now };
          Reflect.set(globalThis, "estimator", await create(options));
        }, { bytes: [...bundle], key, now: first * 1000 + 1000 });
        const answer = async (questions: readonly Question[]) => JSON.parse(await page.evaluate((questions) => {
          const estimator = Reflect.get(globalThis, "estimator") as import("@cartwright/estimates").Estimator;
          return JSON.stringify(questions.map((question) => estimator.estimate(question)));
        }, questions)) as EstimateResult[];

        const answers = await answer(questions);
        const edges = questions.slice(0, SHARE >> 5).flatMap((question, index) => aroundCutOffs(question, answers[index] as EstimateResult, first, last));
        const all = [...questions, ...edges];
        const browser = [...answers, ...(await answer(edges))].map(ofBrowser);
        const server = await inParallel(all, (question) => ofServer(question, id));
        all.forEach((question, index) => {
          assert.deepEqual(browser[index], server[index], `the answers differ for ${JSON.stringify(question)}`);
        });
        asked += all.length;
        const estimates = answers.filter(({ options }) => options.length > 0).length;
        assert.ok(estimates > SHARE / 3, `only ${estimates} of ${SHARE} questions had an answer with options: they test too little`);
      });
    });
  }
}

test("that were 10,000 questions at the least", () => {
  console.log(`    ${asked} questions to ${BUNDLES} bundles of ${SHOPS.length} shops, seed ${SEED}: not one difference`);
  assert.ok(asked >= 10_000, `${asked}`);
});
