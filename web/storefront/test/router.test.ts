// Which page an address means, and how figures are read.

import assert from "node:assert/strict";
import { test } from "node:test";
import { day, days, daysAfter, emissions, farDay, money, moment, plural, sides, weight } from "../src/format.ts";
import { match, pathOf } from "../src/router.ts";

const ROUTES = [
  { path: "/", page: "home" },
  { path: "/products/:slug", page: "product" },
  { path: "/orders/:id/placed", page: "placed" },
  { path: "/orders/:id", page: "order" },
];

test("a hash means a path, whether or not it has a slash, a query or nothing at all", () => {
  assert.equal(pathOf(""), "/");
  assert.equal(pathOf("#"), "/");
  assert.equal(pathOf("#/cart/"), "/cart");
  assert.equal(pathOf("#cart?from=mail"), "/cart");
});

test("a segment with a colon stands for any one segment, decoded", () => {
  assert.deepEqual(match(ROUTES, "/products/two%20men"), { page: "product", params: { slug: "two men" } });
  assert.equal(match(ROUTES, "/orders/D-1/placed")?.page, "placed");
  assert.equal(match(ROUTES, "/orders/D-1")?.page, "order");
});

test("what fits no route, or is no valid encoding, is no page", () => {
  assert.equal(match(ROUTES, "/nowhere"), undefined);
  assert.equal(match(ROUTES, "/products/"), undefined);
  assert.equal(match(ROUTES, "/products/%E0%A4%A"), undefined);
});

test("money has as many digits as its currency", () => {
  assert.equal(money(54_995), "$549.95");
  assert.equal(money(1_500, "JPY"), "¥1,500");
  assert.equal(money(1_234, "KWD").replace(/\s/, " "), "KWD 1.234");
});

test("a calendar day is the same day in every time zone", () => {
  assert.equal(day("2026-11-26"), "Thu, Nov 26");
  assert.equal(days("2026-11-26", "2026-11-26"), "Thu, Nov 26");
  assert.equal(days("2026-11-27", "2026-11-30"), "Fri, Nov 27 – Mon, Nov 30");
  assert.equal(farDay("2027-01-31"), "Sun, Jan 31, 2027");
  assert.equal(daysAfter("2026-12-30T23:00:00Z", 3), "2027-01-02");
  assert.equal(day("soon"), "soon");
});

test("an instant is read on the clock that is asked for, across the change of daylight saving", () => {
  assert.equal(moment("2026-11-01T08:59:00Z", "America/Los_Angeles").replace(/\s(?=[AP]M)/, " "), "Sun, Nov 1, 1:59 AM");
  assert.equal(moment("2026-11-01T09:59:00Z", "America/Los_Angeles").replace(/\s(?=[AP]M)/, " "), "Sun, Nov 1, 1:59 AM");
});

test("weights, lengths, emissions and counts are in the units that people read", () => {
  assert.equal(weight(375), "375\u00a0g");
  assert.equal(weight(2_745), "2.7\u00a0kg");
  assert.equal(sides({ length: 618, width: 364, height: 262 }), "61.8 × 36.4 × 26.2 cm");
  assert.equal(emissions(470), "0.47\u00a0kg\u00a0CO₂e");
  assert.equal(plural(1, "parcel"), "1 parcel");
  assert.equal(plural(2_000, "parcel"), "2,000 parcels");
});
