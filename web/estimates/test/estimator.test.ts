import assert from "node:assert/strict";
import { test, type TestContext } from "node:test";
import type { Header } from "../src/bundle.js";
import { connect } from "../src/estimator.js";
import type { EstimatorOptions } from "../src/options.js";
import { Trouble } from "../src/problem.js";
import { estimate, header, HOUR, keys, makeBundle, next, option, QUESTION, rfc3339, serve, standIn, type StandIn } from "./support.js";

const NOW = Date.parse("2026-11-22T04:00:00Z");
const shop = keys();

/** A shop's server whose clock stands at `date`, and a device whose clock stands at `device`. */
async function setting(t: TestContext, changes: Partial<Header> = {}, payload?: Uint8Array) {
  const here = {
    ...{ bundle: makeBundle(shop, header(NOW, changes), payload) as Uint8Array | undefined, key: shop.text },
    ...{ date: NOW as number | undefined, device: NOW, headers: {} as Record<string, string>, online: true },
    estimates: (): unknown => ({ ...estimate(rfc3339(NOW)), plugins: [{ name: "p", version: "1", snapshot: "s" }] }),
  };
  const http = await serve(({ path, method }, response) => {
    if (here.date === undefined) response.sendDate = false;
    else response.setHeader("date", new Date(here.date).toUTCString());
    for (const [name, value] of Object.entries(here.headers)) if (method !== "HEAD") response.setHeader(name, value);
    if (path.endsWith("/estimate-key")) response.end(JSON.stringify({ algorithm: "Ed25519", key: here.key }));
    else if (path.endsWith("/estimates")) response.setHeader("content-type", "application/json").end(JSON.stringify(here.estimates()));
    else if (here.bundle) response.end(here.bundle);
    else response.writeHead(404).end("{}");
  });
  t.after(() => http[Symbol.asyncDispose]());
  const bundle = `${http.url}/v1/shops/demo/estimate-bundle`;
  const start = async (engine: StandIn = standIn(), options: Partial<EstimatorOptions> = {}) => {
    const online: typeof fetch = (input, init) => (here.online ? fetch(input, init) : Promise.reject(new TypeError("fetch failed")));
    const estimator = await connect({ bundle, key: shop.text, now: () => here.device, fetch: online, ...options }, engine.open);
    t.after(() => estimator.close());
    return estimator;
  };
  const asked = (path: string) => http.seen.filter((one) => one.path.endsWith(path)).length;
  return Object.assign(here, { http, start, asked });
}

test("with a good bundle the browser decides, at once, and says whose data it is", async (t) => {
  const here = await setting(t);
  const estimator = await here.start();
  assert.equal(estimator.source, "browser");
  assert.equal(estimator.problem, undefined);
  const result = estimator.estimate(QUESTION);
  assert.deepEqual([result.source, result.options.length, result.plugin?.name, result.problem], ["browser", 1, "shipping-quote", undefined]);
  assert.deepEqual(estimator.provenance, {
    ...{ shop: "demo", plugin: { name: "shipping-quote", version: "1.0.0", snapshot: "abc" }, snapshot: "abc" },
    ...{ issued: rfc3339(NOW), until: rfc3339(NOW + 48 * HOUR), key: shop.text, formatVersion: 1 },
  });
  assert.equal((await estimator.ask(QUESTION)).source, "browser");
  assert.equal(here.asked("/estimates"), 0);
});

test("without a pinned key the one beside the bundle is taken", async (t) => {
  const here = await setting(t);
  const estimator = await here.start(standIn(), { key: undefined });
  assert.deepEqual([estimator.source, estimator.provenance?.key], ["browser", shop.text]);
});

test("a device whose clock is wrong by a day, either way, asks for the server's moment", async (t) => {
  const here = await setting(t);
  for (const days of [-1, 1]) {
    here.device = NOW + days * 24 * HOUR;
    const engine = standIn();
    const estimator = await here.start(engine);
    assert.equal(estimator.clock, "server");
    assert.ok(Math.abs(estimator.now().getTime() - NOW) < 5_000, `${days}`);
    estimator.estimate(QUESTION);
    assert.ok(Math.abs(Date.parse(engine.asked[0]?.at ?? "") - NOW) < 5_000, `${days}`);
  }
});

test("an old copy with its old Date is not taken for now: a second look tells", async (t) => {
  const here = await setting(t);
  here.date = NOW + 3 * HOUR;
  here.device = NOW + 3 * HOUR;
  here.headers = { date: new Date(NOW).toUTCString() };
  const estimator = await here.start();
  assert.ok(Math.abs(estimator.now().getTime() - (NOW + 3 * HOUR)) < 5_000);
  assert.equal(here.http.seen.filter(({ method }) => method === "HEAD").length, 1);
});

test("a cache on the way says how old its Date is", async (t) => {
  const here = await setting(t);
  here.headers = { age: "3600" };
  assert.ok(Math.abs((await here.start()).now().getTime() - (NOW + HOUR)) < 5_000);
});

test("without a Date the device's clock counts, and before the bundle was issued it promises nothing", async (t) => {
  const here = await setting(t);
  here.date = undefined;
  here.device = NOW - 24 * HOUR;
  const estimator = await here.start(standIn(), { server: false });
  assert.deepEqual([estimator.clock, estimator.source, estimator.problem?.code], ["device", "none", "CLOCK_WRONG"]);
  assert.deepEqual(estimator.estimate(QUESTION).options, []);
});

const refused: [string, (here: Awaited<ReturnType<typeof setting>>) => void, string][] = [
  ["a missing bundle", (here) => (here.bundle = undefined), "BUNDLE_MISSING"],
  ["an empty bundle", (here) => (here.bundle = new Uint8Array()), "BUNDLE_CUT"],
  ["a cut bundle", (here) => (here.bundle = here.bundle?.slice(0, -1)), "BUNDLE_CUT"],
  ["a tampered bundle", (here) => here.bundle && (here.bundle[60] = 0), "BAD_SIGNATURE"],
  ["a bundle of a future version", (here) => (here.bundle = makeBundle(shop, header(NOW), undefined, 9)), "FUTURE_VERSION"],
  ["a stale bundle", (here) => (here.bundle = makeBundle(shop, header(NOW - 50 * HOUR))), "BUNDLE_STALE"],
  ["another shop's bundle", (here) => (here.bundle = makeBundle(shop, header(NOW, { shop: "other" }))), "WRONG_SHOP"],
  ["a bundle without a payload", (here) => (here.bundle = makeBundle(shop, header(NOW, { undescribed: "several plugins" }), new Uint8Array())), "NOT_DESCRIBED"],
];
for (const [name, spoil, code] of refused) {
  test(`${name} promises nothing itself, and the server answers`, async (t) => {
    const here = await setting(t);
    spoil(here);
    const estimator = await here.start();
    assert.deepEqual([estimator.source, estimator.problem?.code], ["server", code]);
    const own = estimator.estimate(QUESTION);
    assert.deepEqual([own.source, own.options, own.problem?.code], ["none", [], code]);
    const result = await estimator.ask(QUESTION);
    assert.deepEqual([result.source, result.options.length, result.problem?.code, result.plugin?.name], ["server", 1, code, "p"]);
  });
}

for (const code of ["WASM_BLOCKED", "WASM_UNSUPPORTED", "WASM_MISSING", "ENGINE_FAILED"]) {
  test(`${code}: the server answers`, async (t) => {
    const here = await setting(t);
    const engine = { ...standIn(), open: () => () => Promise.reject(new Trouble(code, "no wasm here")) };
    const result = await (await here.start(engine)).ask(QUESTION);
    assert.deepEqual([result.source, result.problem?.code], ["server", code]);
  });
}

test("an engine that breaks over a question is not asked again, and the server answers", async (t) => {
  const here = await setting(t);
  const engine = standIn(() => {
    throw new Trouble("ENGINE_FAILED", "unreachable");
  });
  const estimator = await here.start(engine);
  assert.equal(estimator.estimate(QUESTION).problem?.code, "ENGINE_FAILED");
  assert.deepEqual([estimator.source, (await estimator.ask(QUESTION)).source], ["server", "server"]);
  assert.equal(engine.asked.length, 1);
});

test("what the engine refuses is the question's fault: it is said, and the server is not bothered", async (t) => {
  const here = await setting(t);
  const failure = { code: "OUT_OF_RANGE", message: "0 is out of range", field: "/lines/0/quantity" };
  const result = await (await here.start(standIn(() => ({ failure })))).ask(QUESTION);
  assert.deepEqual([result.source, result.problem], ["none", failure]);
  assert.equal(here.asked("/estimates"), 0);
});

test("a moment outside of the bundle is the server's to answer", async (t) => {
  const here = await setting(t);
  const estimator = await here.start();
  const later = { ...QUESTION, at: rfc3339(NOW + 72 * HOUR) };
  assert.equal(estimator.estimate(later).problem?.code, "AT_OUT_OF_RANGE");
  assert.equal((await estimator.ask(later)).source, "server");
});

test("without a network at all, nothing is promised and nothing thrown; with one again, it answers", async (t) => {
  const here = await setting(t);
  here.online = false;
  const estimator = await here.start();
  assert.equal(estimator.problem?.code, "OFFLINE");
  const result = await estimator.ask(QUESTION);
  assert.deepEqual([result.source, result.problem?.code, result.options], ["none", "OFFLINE", []]);
  here.online = true;
  await estimator.refresh();
  assert.deepEqual([estimator.source, estimator.problem], ["browser", undefined]);
});

test("a bundle that is good goes on answering when the network goes", async (t) => {
  const here = await setting(t);
  const estimator = await here.start();
  here.online = false;
  await estimator.refresh();
  assert.deepEqual([estimator.source, estimator.problem?.code], ["browser", "OFFLINE"]);
  assert.equal(estimator.estimate(QUESTION).source, "browser");
});

test("a tampered or older bundle does not replace a good one, and is noticed", async (t) => {
  const here = await setting(t);
  const estimator = await here.start();
  here.bundle = makeBundle(keys(), header(NOW));
  await estimator.refresh();
  assert.deepEqual([estimator.source, estimator.problem?.code], ["browser", "BAD_SIGNATURE"]);
  here.bundle = makeBundle(shop, header(NOW - HOUR));
  await estimator.refresh();
  assert.deepEqual([estimator.source, estimator.problem?.code, estimator.provenance?.issued], ["browser", "BUNDLE_STALE", rfc3339(NOW)]);
});

test("a shop's new key is fetched when its new bundle does not fit the old one", async (t) => {
  const here = await setting(t);
  const estimator = await here.start(standIn(), { key: undefined });
  const renewed = keys();
  here.bundle = makeBundle(renewed, header(NOW + 1_000));
  here.key = renewed.text;
  await estimator.refresh();
  assert.deepEqual([estimator.problem, estimator.provenance?.key], [undefined, renewed.text]);
});

test("a bundle that goes stale promises nothing more, and is read again before the next answer", async (t) => {
  const here = await setting(t);
  const engine = standIn();
  const estimator = await here.start(engine);
  here.device += 49 * HOUR;
  assert.equal(estimator.estimate(QUESTION).problem?.code, "BUNDLE_STALE");
  here.date = NOW + 49 * HOUR;
  here.bundle = makeBundle(shop, header(NOW + 49 * HOUR));
  await estimator.refresh();
  assert.equal(estimator.estimate(QUESTION).source, "browser");
  assert.deepEqual([engine.opened.length, engine.freed], [2, 1]);
});

test("the same bundle again does not open the engine again", async (t) => {
  const here = await setting(t);
  const engine = standIn();
  const estimator = await here.start(engine);
  await estimator.refresh();
  assert.equal(engine.opened.length, 1);
});

test("a cut-off that passes is told by an event", async (t) => {
  const here = await setting(t);
  const orderBy = rfc3339(NOW + 2_000);
  const estimator = await here.start(standIn(({ at }) => ({ estimate: estimate(at ?? "", option({ orderBy })) })));
  const told = next(estimator, "change");
  // Timers of an estimator keep no process.
  const alive = setInterval(() => undefined, 1_000);
  estimator.estimate(QUESTION);
  await told;
  clearInterval(alive);
  assert.ok(estimator.now().getTime() >= NOW + 2_000);
});

test("stock hints fill the question for the browser and for the server alike", async (t) => {
  const here = await setting(t, { stock: { reno: { TENT: 3 } } });
  const engine = standIn();
  const estimator = await here.start(engine);
  estimator.estimate(QUESTION);
  assert.deepEqual(engine.asked[0]?.stock, [{ location: "reno", available: [3] }]);
  await estimator.ask({ ...QUESTION, at: rfc3339(NOW + 72 * HOUR) });
  assert.deepEqual(JSON.parse(here.http.seen.at(-1)!.body).stock, [{ location: "reno", available: [3] }]);
});

test("what is missing until shipping is free is the least of the options'", async (t) => {
  const here = await setting(t);
  const options = [option({ service: "a", untilFree: 2500 }), option({ service: "b", untilFree: 1240 }), option({ service: "c" })];
  const estimator = await here.start(standIn(({ at }) => ({ estimate: estimate(at ?? "", ...options) })));
  assert.deepEqual(estimator.estimate(QUESTION).freeShipping, { service: "b", missing: 1240, currency: "USD" });
});

test("five hundred lines are one question", async (t) => {
  const here = await setting(t);
  const engine = standIn();
  const lines = Array.from({ length: 500 }, (_, index) => ({ ...QUESTION.lines[0]!, id: String(index) }));
  const result = (await here.start(engine)).estimate({ ...QUESTION, lines });
  assert.deepEqual([result.source, engine.asked[0]?.lines.length], ["browser", 500]);
});

test("a question that is none is answered with a problem, in every way of asking", async (t) => {
  const here = await setting(t, { stock: { reno: { TENT: 3 } } });
  const estimator = await here.start();
  for (const wrong of [undefined, null] as never[]) {
    assert.equal(estimator.estimate(wrong).problem?.code, "BAD_QUESTION");
    assert.equal((await estimator.ask(wrong)).problem?.code, "BAD_QUESTION");
  }
});

test("bytes of a bundle with their key need no network", async (t) => {
  const engine = standIn();
  const estimator = await connect({ bundle: makeBundle(shop, header(NOW)), key: shop.text, now: () => NOW }, engine.open);
  t.after(() => estimator.close());
  assert.deepEqual([estimator.source, estimator.clock], ["browser", "device"]);
  const keyless = await connect({ bundle: makeBundle(shop, header(NOW)), now: () => NOW }, engine.open);
  t.after(() => keyless.close());
  assert.deepEqual([keyless.source, keyless.problem?.code], ["none", "UNVERIFIABLE"]);
});

test("what was closed, or aborted, answers nothing and throws nothing", async (t) => {
  const here = await setting(t);
  const engine = standIn();
  const closing = new AbortController();
  const estimator = await here.start(engine, { signal: closing.signal });
  const aborted = await estimator.ask(QUESTION, { signal: AbortSignal.abort() });
  assert.equal(aborted.problem?.code, "ABORTED");
  closing.abort();
  assert.deepEqual([estimator.source, estimator.estimate(QUESTION).problem?.code], ["none", "CLOSED"]);
  assert.equal((await estimator.ask(QUESTION)).problem?.code, "CLOSED");
  await estimator.refresh();
  estimator.close();
  assert.equal(engine.freed, 1);
});

test("only wrong options are thrown", async () => {
  const bundle = "https://shop.test/estimate-bundle";
  for (const wrong of [{}, { bundle: "" }, { bundle: 5 }, { bundle: "/no/base" }, { bundle, key: "short" }, { bundle, server: "http://" }]) {
    await assert.rejects(connect(wrong as EstimatorOptions, standIn().open), TypeError);
  }
});
