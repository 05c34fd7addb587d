import assert from "node:assert/strict";
import { test } from "node:test";
import { withStock } from "../src/stock.js";
import { QUESTION } from "./support.js";

const lines = ["A", "B"].map((sku, index) => ({ id: String(index), sku, quantity: 2, unitPrice: 1, weight: 1 }));
const question = { ...QUESTION, lines };

test("hints fill one figure a line for each location, and 0 where a location does not name the sku", () => {
  assert.deepEqual(withStock(question, { reno: { A: 5, B: 1 }, columbus: { B: 9 } }).stock, [
    { location: "reno", available: [5, 1] },
    { location: "columbus", available: [0, 9] },
  ]);
});

test("a sku that no location names leaves the question as it is", () => {
  assert.equal(withStock(question, { reno: { A: 5 } }).stock, undefined);
  assert.equal(withStock(question, {}).stock, undefined);
  assert.equal(withStock(question, undefined), question);
});

test("the page's own stock is kept", () => {
  const own = { ...question, stock: [{ location: "reno", available: [1, 1] }] };
  assert.equal(withStock(own, { reno: { A: 5, B: 5 } }), own);
});

test("skus that are called like an object's own things are skus", () => {
  const odd = { ...question, lines: [{ ...lines[0]!, sku: "constructor" }] };
  assert.equal(withStock(odd, { reno: { A: 5 } }).stock, undefined);
  assert.deepEqual(withStock({ ...odd, lines: [{ ...lines[0]!, sku: "__proto__" }] }, JSON.parse('{"reno":{"__proto__":3}}')).stock, [
    { location: "reno", available: [3] },
  ]);
});

test("what is not shipped needs no hint", () => {
  const mixed = { ...question, lines: [lines[0]!, { ...lines[1]!, sku: "GIFT-CARD", physical: false }] };
  assert.deepEqual(withStock(mixed, { reno: { A: 5 } }).stock, [{ location: "reno", available: [5, 2] }]);
});
