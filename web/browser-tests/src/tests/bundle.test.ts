// Bundles that must not be believed. Whatever is wrong with one, the page gets an answer from the server, is told why, and no promise is
// made from the bundle. Without a server there is no answer, and still no exception.

import assert from "node:assert/strict";
import { test } from "node:test";
import { askServer, fetchBundle } from "../harness/api.js";
import { Signer, takeApart } from "../harness/bundle.js";
import { oneMug } from "../harness/carts.js";
import { useChromium, visit } from "../harness/chromium.js";
import { BUNDLE, consult, openLab, replaceBundle, replaceKey } from "../harness/lab.js";

useChromium();

/** A question with its moment, so that two answers to it are equal. */
const question = { ...oneMug(), at: new Date(Date.now() + 60_000).toISOString().replace(/\.\d+/, "") };

test("a sound bundle is answered from in the browser, as the server answers", async () => {
  await visit({}, async ({ page }) => {
    await openLab(page);
    const { source, problem, clock, provenance, estimated, asked } = await consult(page, question);
    assert.deepEqual({ source, problem, clock }, { source: "browser", problem: undefined, clock: "server" });
    const { body } = await askServer(question);
    assert.ok(body.options.length > 0);
    assert.deepEqual(estimated.options, body.options);
    assert.deepEqual(asked, estimated);
    assert.equal(provenance?.snapshot, body.plugins[0]?.snapshot);
    assert.equal(estimated.plugin?.snapshot, body.plugins[0]?.snapshot);
  });
});

test("the worker answers as the page does", async () => {
  await visit({}, async ({ page }) => {
    await openLab(page);
    const { source, asked, estimated } = await consult(page, question, { worker: true });
    assert.equal(source, "browser");
    assert.equal(estimated.source, "none", "what is synchronous cannot ask a worker");
    assert.deepEqual(asked.options, (await askServer(question)).body.options);
    assert.equal(asked.source, "browser");
  });
});

test("questions to one estimator leave another alone that was opened after it", async () => {
  await visit({}, async ({ page }) => {
    await openLab(page);
    // They share one module and its memory; the second large question begins where the first one's memory was given back.
    const lines = Array.from({ length: 400 }, (_, index) => ({ ...question.lines[0], id: String(index) }));
    const [alone, beside] = await page.evaluate(async ({ bundle, question, large }) => {
      const create = Reflect.get(globalThis, "createEstimator") as typeof import("@cartwright/estimates").createEstimator;
      const first = await create({ bundle });
      const alone = first.estimate(question);
      const second = await create({ bundle });
      for (let time = 0; time < 3; time++) first.estimate(large);
      return [alone, second.estimate(question)] as const;
    }, { bundle: BUNDLE, question, large: { ...question, lines } as typeof question });
    assert.equal(alone.source, "browser");
    assert.deepEqual(beside, alone);
  });
});

interface Wrong {
  name: string;
  /** The code that says so. */
  code: string;
  change: (bundle: Buffer) => { body?: Buffer; status?: number; headers?: Record<string, string> };
  /** What Chromium itself logs when a resource is not there. */
  logs?: RegExp;
}

function flipped(bundle: Buffer, at: number): Buffer {
  const changed = Buffer.from(bundle);
  changed.writeUInt8(changed.readUInt8(at) ^ 1, at);
  return changed;
}

const WRONG: readonly Wrong[] = [
  { name: "with one bit of its payload changed", code: "BAD_SIGNATURE", change: (bundle) => ({ body: flipped(bundle, bundle.length - 100) }) },
  { name: "with one bit of its signature changed", code: "BAD_SIGNATURE", change: (bundle) => ({ body: flipped(bundle, bundle.length - 1) }) },
  {
    name: "whose header was changed to hold longer",
    code: "BAD_SIGNATURE",
    change: (bundle) => {
      const until = bundle.indexOf('"until":"2') + '"until":"2'.length;
      return { body: flipped(bundle, until) };
    },
  },
  {
    name: "truly signed, but by somebody else",
    code: "BAD_SIGNATURE",
    change: (bundle) => ({ body: new Signer().bundle(takeApart(bundle)) }),
  },
  { name: "cut in the middle", code: "BUNDLE_CUT", change: (bundle) => ({ body: bundle.subarray(0, bundle.length >> 1) }) },
  { name: "cut within its first bytes", code: "BUNDLE_CUT", change: (bundle) => ({ body: bundle.subarray(0, 7) }) },
  { name: "of no bytes", code: "BUNDLE_CUT", change: () => ({ body: Buffer.alloc(0) }) },
  { name: "that is a page of HTML", code: "BUNDLE_MALFORMED", change: () => ({ body: Buffer.from("<!doctype html><title>Please log in</title>") }) },
  {
    name: "of a future version",
    code: "FUTURE_VERSION",
    change: (bundle) => {
      const changed = Buffer.from(bundle);
      changed.writeUInt16LE(2, 4);
      return { body: changed };
    },
  },
  { name: "that is missing", code: "BUNDLE_MISSING", change: () => ({ status: 404, body: Buffer.from("{}") }), logs: /404/ },
  { name: "of a server that fails", code: "BUNDLE_MISSING", change: () => ({ status: 503, body: Buffer.from("") }), logs: /503/ },
];

for (const { name, code, change, logs } of WRONG) {
  test(`a bundle ${name} is ${code}: the server answers, or nobody does`, async () => {
    await visit({}, async ({ page, context, expectErrors }) => {
      if (logs) expectErrors(logs);
      await replaceBundle(context, change);
      await openLab(page);
      const told = await consult(page, question);
      assert.equal(told.problem?.code, code);
      assert.equal(told.source, "server");
      assert.deepEqual(told.estimated.options, [], "nothing is promised from a bundle that is not believed");
      assert.equal(told.asked.source, "server");
      assert.deepEqual(told.asked.options, (await askServer(question)).body.options);

      const alone = await consult(page, question, { server: false });
      assert.equal(alone.source, "none");
      assert.deepEqual(alone.asked.options, []);
      assert.equal(alone.asked.problem?.code, code);
    });
  });
}

test("a bundle whose time is over is BUNDLE_STALE, and the server answers", async () => {
  const signer = new Signer();
  await visit({}, async ({ page, context }) => {
    await replaceKey(context, signer.key);
    await replaceBundle(context, (bundle) => {
      const parts = takeApart(bundle);
      const day = 86_400_000;
      const moment = (days: number) => new Date(Date.now() + days * day).toISOString().replace(/\.\d+/, "");
      return { body: signer.bundle({ ...parts, header: { ...parts.header, issued: moment(-3), from: moment(-3), until: moment(-1) } }) };
    });
    await openLab(page);
    const told = await consult(page, question);
    assert.equal(told.problem?.code, "BUNDLE_STALE");
    assert.deepEqual(told.estimated.options, []);
    assert.equal(told.asked.source, "server");
    assert.deepEqual(told.asked.options, (await askServer(question)).body.options);
  });
});

test("another shop's bundle, truly signed, is not taken for this shop's", async () => {
  const signer = new Signer();
  await visit({}, async ({ page, context }) => {
    const other = await fetchBundle("kyoto");
    await replaceKey(context, signer.key);
    await replaceBundle(context, () => ({ body: signer.bundle(takeApart(other)) }));
    await openLab(page);
    const told = await consult(page, question);
    assert.equal(told.source, "server");
    assert.equal(told.problem?.code, "WRONG_SHOP");
  });
});

test("a header that is JSON of another shape is no exception", async () => {
  const signer = new Signer();
  for (const header of [{}, { shop: "demo" }, { shop: 1, currency: null }, { shop: "demo", currency: "USD", issued: "soon", from: "", until: [] }]) {
    await visit({}, async ({ page, context }) => {
      await replaceKey(context, signer.key);
      await replaceBundle(context, (bundle) => ({ body: signer.bundle({ ...takeApart(bundle), header }) }));
      await openLab(page);
      const told = await consult(page, question);
      assert.equal(told.source, "server");
      assert.equal(told.problem?.code, "BUNDLE_MALFORMED");
    });
  }
});

test("a pinned key is the only one that is believed", async () => {
  const signer = new Signer();
  await visit({}, async ({ page, context }) => {
    await replaceKey(context, signer.key);
    await replaceBundle(context, (bundle) => ({ body: signer.bundle(takeApart(bundle)) }));
    await openLab(page);
    assert.equal((await consult(page, question)).source, "browser", "without a pinned key, the one beside the bundle");
    const pinned = await consult(page, question, { key: new Signer().key });
    assert.equal(pinned.source, "server");
    assert.equal(pinned.problem?.code, "BAD_SIGNATURE");
  });
});

test("a shop whose plugins no bundle describes is answered by its server, and says so", async () => {
  await visit({}, async ({ page }) => {
    await openLab(page);
    const told = await consult(page, question, { bundle: "/v1/shops/two-plugins/estimate-bundle" });
    assert.equal(told.source, "server");
    assert.equal(told.problem?.code, "NOT_DESCRIBED");
    const { body } = await askServer(question, "two-plugins");
    assert.deepEqual(told.asked.options.map(({ service }) => service), ["steady", "swift"]);
    assert.deepEqual(told.asked.options, body.options);
  });
});
