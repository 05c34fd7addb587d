// What the shop sends to each decision point. Pure: the same state gives the same request. Only what a decision needs is in it; the
// host withholds personal fields from plugins that did not declare them.

import { CURRENCY, LOCATIONS } from "../catalogue.ts";
import { linesOf, type CartLine, type Item } from "../cart.ts";
import { daysAfter } from "../format.ts";
import type { PaymentChoice } from "../payment.ts";
import { coordinatesOf } from "../places.ts";
import type { Order, Typed } from "../store.ts";
import type { Address, Line, Remedy } from "./types.ts";

const LOCALE = "en-US";

export function lines(cart: readonly CartLine[]): Line[] {
  return cart.map(({ product, quantity }, index) => ({
    id: String(index + 1),
    sku: product.sku,
    quantity,
    unitPrice: product.price,
    weight: product.weight,
    size: product.size,
    ...(product.rotation === undefined ? {} : { rotation: product.rotation }),
    ...(product.fragile === undefined ? {} : { fragile: true }),
    ...(product.hazardous === undefined ? {} : { hazardous: true }),
    tags: [...product.tags],
  }));
}

/** What lies where, one figure for each line. */
export function stock(cart: readonly CartLine[]): { location: string; available: number[] }[] {
  return LOCATIONS.map(({ id }) => ({ location: id, available: cart.map(({ product }) => product.stock[id]) }));
}

/** The form as an address; what was left empty is left out. */
export function address(typed: Typed): Address {
  const text = (value: string): string | undefined => value.trim() || undefined;
  const subdivision = text(typed.subdivision);
  const city = text(typed.city);
  const postalCode = text(typed.postalCode);
  const name = text(typed.name);
  const phone = text(typed.phone);
  return {
    country: typed.country,
    lines: [typed.line1, typed.line2].map((line) => line.trim()).filter((line) => line !== ""),
    residential: true,
    ...(subdivision === undefined ? {} : { subdivision }),
    ...(city === undefined ? {} : { city }),
    ...(postalCode === undefined ? {} : { postalCode }),
    ...(name === undefined ? {} : { name }),
    ...(phone === undefined ? {} : { phone }),
  };
}

export function validation(typed: Typed): object {
  return { address: address(typed), locale: LOCALE };
}

/** Where goods go, as far as a price depends on it: neither name nor street. */
export function destination(to: Address): Address {
  const { country, subdivision, city, postalCode, residential } = to;
  return {
    country,
    ...(subdivision ? { subdivision } : {}),
    ...(city ? { city } : {}),
    ...(postalCode ? { postalCode } : {}),
    residential: residential ?? true,
  };
}

export function quotes(items: readonly Item[], to: Address): object {
  const cart = linesOf(items);
  return { currency: CURRENCY, destination: destination(to), lines: lines(cart), stock: stock(cart), channel: "web" };
}

/** With the point on the map that a platform would have looked up. */
function located(to: Address): Address {
  const coordinates = coordinatesOf(to.country, to.subdivision ?? undefined);
  return coordinates === undefined ? to : { ...to, coordinates };
}

export interface Screening {
  readonly order: string;
  readonly items: readonly Item[];
  readonly to: Address;
  readonly email: string;
  readonly service: string;
  /** Goods and shipping, in cents. */
  readonly amount: number;
  readonly choice: PaymentChoice;
  readonly device: string;
}

export function screening({ order, items, to, email, service, amount, choice, device }: Screening): object {
  const shipping = located(to);
  return {
    order,
    currency: CURRENCY,
    lines: lines(linesOf(items)),
    customer: { ...choice.customer, email, tags: [] },
    history: choice.history,
    billing: shipping,
    shipping,
    service,
    payment: {
      method: "card",
      amount,
      cardFingerprint: choice.fingerprint ?? `fp_${device}_${choice.id}`,
      cardholder: (shipping.name ?? "").toUpperCase(),
      ...choice.payment,
    },
    // An address of the range that RFC 3849 keeps for documentation.
    session: { ip: `2001:db8:${device.slice(0, 4)}:${device.slice(4, 8)}::1`, device: `dev-${device}`, ...choice.session },
    channel: "web",
  };
}

/** Routing has services of its own: fast ones are its `express`, everything else its `ground`. */
function routingService(service: string): string {
  return service === "two-day-air" || service === "priority" ? "express" : "ground";
}

export function routing(order: Pick<Order, "id" | "placed" | "items" | "address" | "chosen">): object {
  const cart = linesOf(order.items);
  const promised = order.chosen.quote.promise?.latest;
  return {
    order: order.id,
    placed: order.placed,
    currency: CURRENCY,
    destination: located(destination(order.address)),
    lines: lines(cart),
    locations: LOCATIONS.map(({ id, kind, subdivision }) => ({
      id,
      kind,
      country: "US",
      subdivision,
      available: cart.map(({ product }) => product.stock[id]),
    })),
    constraints: { ...(promised === undefined ? {} : { promised }), backorder: true },
    service: routingService(order.chosen.quote.service),
    channel: "web",
  };
}

export interface ReturnWish {
  readonly sku: string;
  readonly quantity: number;
  readonly reason: string;
  readonly condition: string;
  readonly remedy: Remedy;
  /** How many days after delivery it is asked for: the demo's clock. */
  readonly daysAfterDelivery: number;
}

/** The day on which a line of the order arrives: as routed, else as promised, else when it was placed. */
export function arrival(order: Order, line: number): string {
  const shipment = order.routing?.answer.shipments.find((candidate) => candidate.lines.some((units) => units.line === line));
  return shipment?.arrives ?? order.chosen.quote.promise?.latest ?? order.placed.slice(0, 10);
}

export function returns(order: Order, wish: ReturnWish): object {
  const cart = linesOf(order.items);
  const index = cart.findIndex(({ product }) => product.sku === wish.sku);
  // Late in the evening UTC, so that it is after the order even when the goods are picked up on the same day.
  const delivered = (line: number): string => later(`${arrival(order, line)}T23:00:00Z`, order.placed);
  const at = `${daysAfter(delivered(index), wish.daysAfterDelivery + 1)}T18:00:00Z`;
  return {
    at,
    order: order.id,
    ordered: order.placed,
    currency: CURRENCY,
    shippingPaid: order.chosen.quote.price,
    origin: located(order.address),
    lines: lines(cart).map((line, position) => {
      const from = order.routing?.answer.shipments.find((shipment) => shipment.lines.some((units) => units.line === position))?.location;
      const arrived = delivered(position);
      return {
        line,
        paid: line.unitPrice * line.quantity,
        location: from ?? order.chosen.parcels[0]?.location ?? "portland",
        // What comes in another shipment may still be on its way.
        ...(Date.parse(arrived) <= Date.parse(at) ? { delivered: arrived } : {}),
      };
    }),
    returns: [{ line: index, quantity: wish.quantity, reason: wish.reason, condition: wish.condition, remedy: wish.remedy }],
    customer: { tags: [], orders: 1 },
    returnedUnits: 0,
    boughtUnits: order.items.reduce((sum, { quantity }) => sum + quantity, 0),
    channel: "web",
  };
}

function later(one: string, other: string): string {
  return Date.parse(one) >= Date.parse(other) ? one : other;
}
