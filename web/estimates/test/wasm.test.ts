// With the real wasm. What it answers is held against the server elsewhere; here: that it is reached, and that nothing escapes.
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import type { EstimatorOptions } from "../src/options.js";
import { header, keys, makeBundle, QUESTION } from "./support.js";

const file = join(import.meta.dirname, "../pkg/cartwright_estimates_bg.wasm");
const skip = !existsSync(file) && "the wasm is not built; run cargo xtask web";
const NOW = Date.parse("2026-11-22T04:00:00Z");
const shop = keys();

/** An estimator of a shop whose bundle has this payload. */
async function estimator(payload: Uint8Array, options: Partial<EstimatorOptions> = {}) {
  const { createEstimator } = await import("../src/index.js");
  return createEstimator({ bundle: makeBundle(shop, header(NOW), payload), key: shop.text, wasm: readFileSync(file), now: () => NOW, ...options });
}

test("a signed payload that the engine cannot read is a problem, not an exception", { skip }, async () => {
  for (const [payload, code] of [[[1], "BUNDLE_CUT"], [[200, 1, 2], "FUTURE_VERSION"]] as const) {
    const { source, problem } = await estimator(Uint8Array.from(payload));
    assert.deepEqual([source, problem?.code], ["none", code]);
  }
  const noise = Uint8Array.from({ length: 4_000 }, (_, index) => (index * 7919) % 251);
  noise[0] = 1;
  assert.match((await estimator(noise)).problem?.code ?? "", /^BUNDLE_(CUT|MALFORMED)$/);
});

test("a question that does not fit its type is refused with its place", { skip }, async () => {
  const { writeQuestion, Unwritable } = await import("../src/wire.js");
  const line = QUESTION.lines[0]!;
  for (const quantity of [1.5, NaN, -1, 2 ** 32, "3" as never]) {
    const refused = (error: unknown) => error instanceof Unwritable && error.field === "/lines/0/quantity";
    assert.throws(() => writeQuestion({ ...QUESTION, at: "2026-11-22T04:00:00Z", lines: [{ ...line, quantity }] }), refused);
  }
  const halved = { ...QUESTION, at: "2026-11-22T04:00:00Z", destination: { country: "US", postalCode: "\ud800" } };
  assert.throws(() => writeQuestion(halved), (error) => error instanceof Unwritable && error.field === "/destination/postalCode");
});
