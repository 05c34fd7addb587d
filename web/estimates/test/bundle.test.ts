import assert from "node:assert/strict";
import { test } from "node:test";
import { openBundle, readKey, type Bytes } from "../src/bundle.js";
import { Trouble } from "../src/problem.js";
import { header, keys, makeBundle } from "./support.js";

const AT = Date.parse("2026-11-22T04:00:00Z");
const shop = keys();
const good = makeBundle(shop, header(AT));
const key = async () => readKey(shop.text) as Bytes;

async function code(bytes: Bytes, openWith = key): Promise<string> {
  try {
    await openBundle(bytes, openWith);
    return "none";
  } catch (error) {
    return error instanceof Trouble ? error.code : `not ours: ${String(error)}`;
  }
}

test("a signed bundle is read as it was written", async () => {
  const bundle = await openBundle(good, key);
  assert.deepEqual(bundle.header, header(AT));
  assert.deepEqual([...bundle.payload], [1, 2, 3]);
  assert.equal(bundle.until - bundle.issued, 48 * 3_600_000);
});

test("a bundle that is cut anywhere is cut, and never something else", async () => {
  for (let length = 0; length < good.length; length += 1) assert.equal(await code(good.slice(0, length)), "BUNDLE_CUT", `${length} bytes`);
});

test("one changed bit anywhere is noticed", async () => {
  for (let place = 0; place < good.length; place += 1) {
    const changed = good.slice();
    changed[place] = (changed[place] ?? 0) ^ (1 << place % 8);
    assert.notEqual(await code(changed), "none", `byte ${place}`);
  }
});

test("what is no bundle, what follows one, and format 0 are malformed", async () => {
  assert.equal(await code(new TextEncoder().encode("<!doctype html><title>404</title>") as Bytes), "BUNDLE_MALFORMED");
  assert.equal(await code(new Uint8Array([...good, 0])), "BUNDLE_MALFORMED");
  assert.equal(await code(makeBundle(shop, header(AT), undefined, 0)), "BUNDLE_MALFORMED");
});

test("a signed header that lacks its moments is malformed", async () => {
  assert.equal(await code(makeBundle(shop, header(AT, { until: "tomorrow" }))), "BUNDLE_MALFORMED");
});

test("a shop that nothing describes may have no currency", async () => {
  const { currency: _, ...rest } = header(AT, { undescribed: "no plugin" });
  assert.equal(await code(makeBundle(shop, rest, new Uint8Array())), "none");
});

test("a later format is named before anything else of it is read", async () => {
  assert.equal(await code(makeBundle(shop, header(AT), undefined, 2).slice(0, 6)), "FUTURE_VERSION");
});

test("another shop's key does not open it", async () => {
  const other = readKey(keys().text) as Bytes;
  assert.equal(await code(good, async () => other), "BAD_SIGNATURE");
});

test("without WebCrypto nothing is believed", async (t) => {
  t.mock.getter(globalThis, "crypto", () => ({}) as Crypto);
  assert.equal(await code(good), "UNVERIFIABLE");
});

test("a key is 32 bytes in base64url", () => {
  assert.equal(readKey(shop.text)?.length, 32);
  assert.equal(readKey(`${shop.text}=`)?.length, 32);
  for (const wrong of ["", "abc", `${shop.text}A`, shop.text.slice(1), `${shop.text.slice(1)}+`, "ключ"]) assert.equal(readKey(wrong), undefined);
});
