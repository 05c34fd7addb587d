// What is sent to each decision point: enough for the decision, and nothing personal where it is not needed.

import assert from "node:assert/strict";
import { test } from "node:test";
import { address, destination, quotes, returns, routing, screening, type ReturnWish } from "../src/api/requests.ts";
import { choiceOf } from "../src/payment.ts";
import { coordinatesOf, COUNTRY_CHOICES, STATE_CHOICES } from "../src/places.ts";
import type { Order, Typed } from "../src/store.ts";

const TYPED: Typed = {
  email: "alex@example.com",
  name: "Alex Shopper",
  phone: " ",
  country: "US",
  line1: " 1420 NW Lovejoy St ",
  line2: "",
  city: "Portland",
  subdivision: "OR",
  postalCode: "97209",
};
const ITEMS = [
  { sku: "MSR-HUBBA-HUBBA-2", quantity: 1 },
  { sku: "MSR-ISOPRO-8OZ", quantity: 2 },
];

const ORDER = {
  id: "D-1",
  placed: "2026-11-23T18:00:00Z",
  items: ITEMS,
  address: address(TYPED),
  email: TYPED.email,
  payment: "regular",
  chosen: {
    quote: {
      service: "two-day-air",
      price: 900,
      method: "ship",
      promise: { earliest: "2026-11-25", latest: "2026-11-27", orderBy: "", shipBy: "" },
    },
    parcels: [{ location: "reno" }],
  },
  routing: {
    answer: {
      shipments: [
        { location: "reno", lines: [{ line: 0, quantity: 1 }], arrives: "2026-11-25" },
        { location: "columbus", lines: [{ line: 1, quantity: 2 }], arrives: "2026-12-02" },
      ],
    },
  },
} as unknown as Order;

const WISH: ReturnWish = {
  sku: "MSR-HUBBA-HUBBA-2",
  quantity: 1,
  reason: "TOO_LARGE",
  condition: "unopened",
  remedy: "refund",
  daysAfterDelivery: 3,
};

test("what was left empty in the form is left out of the address", () => {
  assert.deepEqual(address(TYPED), {
    country: "US",
    lines: ["1420 NW Lovejoy St"],
    residential: true,
    subdivision: "OR",
    city: "Portland",
    postalCode: "97209",
    name: "Alex Shopper",
  });
});

test("prices and dates are asked for without a name, a street or a phone number", () => {
  assert.deepEqual(Object.keys(destination({ ...address(TYPED), phone: "1" })).sort(), [
    "city",
    "country",
    "postalCode",
    "residential",
    "subdivision",
  ]);
  assert.doesNotMatch(JSON.stringify(quotes(ITEMS, address(TYPED))), /Alex|Lovejoy|example\.com/);
});

test("each location's stock has one figure for each line, in the lines' order", () => {
  const asked = quotes(ITEMS, address(TYPED)) as { lines: { sku: string }[]; stock: { location: string; available: number[] }[] };
  assert.deepEqual(
    asked.lines.map(({ sku }) => sku),
    ITEMS.map(({ sku }) => sku),
  );
  for (const { available } of asked.stock) assert.equal(available.length, asked.lines.length);
  assert.deepEqual(
    asked.stock.map(({ location }) => location),
    ["reno", "columbus", "portland"],
  );
});

test("dangerous goods say so, and goods that must stand upright", () => {
  const { lines } = quotes(ITEMS, address(TYPED)) as { lines: { hazardous?: boolean; rotation?: string }[] };
  assert.deepEqual(
    lines.map(({ hazardous, rotation }) => [hazardous, rotation]),
    [
      [undefined, undefined],
      [true, "upright"],
    ],
  );
});

test("routing gets a place on the map, the promise to the shopper, and its own name for a fast service", () => {
  const asked = routing(ORDER) as {
    destination: { coordinates?: unknown; name?: unknown };
    constraints: { promised?: string };
    service: string;
  };
  assert.deepEqual(asked.destination.coordinates, { latitude: 45_520_000, longitude: -122_680_000 });
  assert.equal(asked.destination.name, undefined);
  assert.equal(asked.constraints.promised, "2026-11-27");
  assert.equal(asked.service, "express");
});

test("every country and state that the form offers lies somewhere", () => {
  for (const { code } of COUNTRY_CHOICES) assert.ok(coordinatesOf(code, undefined), code);
  for (const { code } of STATE_CHOICES) assert.notDeepEqual(coordinatesOf("US", code), coordinatesOf("US", undefined), code);
  assert.equal(coordinatesOf("ZZ", undefined), undefined);
});

test("each tab has its own card, device and documentation address, and the block list's card stays itself", () => {
  const ask = (id: string): { payment: { cardFingerprint: string }; session: { ip: string; device: string } } =>
    screening({
      order: "D-1",
      items: ITEMS,
      to: address(TYPED),
      email: "a@example.com",
      service: "ground",
      amount: 1,
      choice: choiceOf(id),
      device: "0a1b2c3d",
    }) as never;
  assert.equal(ask("regular").payment.cardFingerprint, "fp_0a1b2c3d_regular");
  assert.equal(ask("regular").session.ip, "2001:db8:0a1b:2c3d::1");
  assert.equal(ask("blocked").payment.cardFingerprint, "fp_stolen_0001");
  assert.equal(ask("first-order").session.device, "dev-shared-kiosk");
});

test("a return is asked for after its goods came, and what is still on its way has no delivery", () => {
  const asked = returns(ORDER, WISH) as { at: string; lines: { delivered?: string; location: string }[]; returns: { line: number }[] };
  assert.equal(asked.at, "2026-11-29T18:00:00Z");
  assert.deepEqual(
    asked.lines.map(({ delivered, location }) => [delivered, location]),
    [
      ["2026-11-25T23:00:00Z", "reno"],
      [undefined, "columbus"],
    ],
  );
  assert.equal(asked.returns[0]?.line, 0);
});

test("goods that are picked up on the day of the order were delivered after it, not before", () => {
  const late = { ...ORDER, placed: "2026-11-25T23:30:00Z" };
  const asked = returns(late, WISH) as { lines: { delivered?: string }[]; ordered: string };
  assert.equal(asked.lines[0]?.delivered, asked.ordered);
});
