// What is kept in the tab, and what survives when something else is found there.

import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { add, setQuantity, subtotal, units } from "../src/cart.ts";
import { MOST_UNITS, PRODUCTS } from "../src/catalogue.ts";
import { get, read, saveOrder, setCart, update, type Order } from "../src/store.ts";

const TENT = "MSR-HUBBA-HUBBA-2";
const SPORK = "LIGHT-MY-FIRE-SPORK";

beforeEach(() => {
  Object.assign(globalThis, {
    sessionStorage: {
      getItem: () => null,
      setItem: () => {
        throw new Error("storage is full");
      },
    },
  });
});

test("units of one thing are added up, and never exceed what the shop sells at once", () => {
  const cart = add(add([], TENT, 1), TENT, 2);
  assert.deepEqual(cart, [{ sku: TENT, quantity: 3 }]);
  assert.equal(add(cart, TENT, 1_000)[0]?.quantity, MOST_UNITS);
});

test("a quantity of nothing takes the item out, and nonsense is one unit", () => {
  const cart = add(add([], TENT, 1), SPORK, 4);
  assert.deepEqual(setQuantity(cart, TENT, 0), [{ sku: SPORK, quantity: 4 }]);
  assert.equal(add([], SPORK, Number.NaN)[0]?.quantity, 1);
});

test("the sum is that of the catalogue's prices, and goods that it no longer knows cost nothing", () => {
  const cart = [
    { sku: TENT, quantity: 1 },
    { sku: SPORK, quantity: 4 },
    { sku: "GONE", quantity: 9 },
  ];
  assert.equal(subtotal(cart), 54_995 + 4 * 399);
  assert.equal(units(cart), 14);
});

test("every product is measured, priced and somewhere in stock", () => {
  for (const { sku, price, weight, size, stock } of PRODUCTS) {
    assert.ok(price > 0 && weight > 0 && size.length > 0 && size.width > 0 && size.height > 0, sku);
    assert.ok(
      Object.values(stock).some((on) => on > 0),
      sku,
    );
  }
  assert.equal(new Set(PRODUCTS.map(({ slug }) => slug)).size, PRODUCTS.length);
});

test("a stored state that is not the shop's begins anew instead of breaking the page", () => {
  for (const stored of [null, "", "{", "[]", "null", '{"cart":{}}', '{"cart":[],"orders":3}', "7"]) {
    const state = read(stored);
    assert.deepEqual(state.cart, [], String(stored));
    assert.match(state.device, /^[0-9a-f]{8}$/);
  }
});

test("the shop works on when the browser forbids storage", () => {
  setCart([{ sku: TENT, quantity: 2 }]);
  assert.deepEqual(get().cart, [{ sku: TENT, quantity: 2 }]);
});

test("a changed cart forgets the shipping option, whose price was for the old one", () => {
  update({ chosen: { quote: {}, parcels: [] } as unknown as NonNullable<ReturnType<typeof get>["chosen"]> });
  assert.ok(get().chosen);
  setCart([{ sku: SPORK, quantity: 1 }]);
  assert.equal(get().chosen, undefined);
});

test("an order that is saved twice is there once", () => {
  const order = { id: "D-1", payment: "regular" } as Order;
  saveOrder(order);
  saveOrder({ ...order, released: true });
  assert.deepEqual(
    get().orders.map(({ id, released }) => [id, released]),
    [["D-1", true]],
  );
});
