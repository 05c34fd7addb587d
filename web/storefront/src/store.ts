// What the shop remembers: in this tab's sessionStorage and nowhere else, so that closing the tab forgets the shopper. Knows no page.

import type { Trace } from "./api/client.ts";
import type { Address, Parcel, Quote, ReturnAnswer, RoutingAnswer, ScreeningAnswer } from "./api/types.ts";
import type { Item } from "./cart.ts";

/** The shipping option that the shopper chose, with the parcels it means. */
export interface Chosen {
  readonly quote: Quote;
  readonly parcels: readonly Parcel[];
}

export interface Decision<A> {
  readonly answer: A;
  readonly trace: Trace;
}

export interface Order {
  readonly id: string;
  /** When it was placed, by the server's clock. */
  readonly placed: string;
  readonly items: readonly Item[];
  readonly address: Address;
  readonly email: string;
  readonly chosen: Chosen;
  readonly payment: string;
  readonly screening: Decision<ScreeningAnswer>;
  /** Absent while the order is held for review, when it is picked up, or when nobody could be asked. */
  readonly routing?: Decision<RoutingAnswer>;
  /** A person released it after a review. */
  readonly released?: boolean;
  readonly returns?: readonly ReturnAsked[];
}

export interface ReturnAsked {
  readonly sku: string;
  readonly quantity: number;
  readonly decision: Decision<ReturnAnswer>;
}

/** The address form as it was typed. */
export interface Typed {
  readonly email: string;
  readonly name: string;
  readonly phone: string;
  readonly country: string;
  readonly line1: string;
  readonly line2: string;
  readonly city: string;
  readonly subdivision: string;
  readonly postalCode: string;
}

export interface State {
  readonly cart: readonly Item[];
  readonly typed?: Typed;
  /** The address that the goods go to: as corrected, or as the shopper kept it. */
  readonly address?: Address;
  /** The postal code that estimates are for, before there is an address. */
  readonly near?: string;
  readonly addressTrace?: Trace;
  readonly chosen?: Chosen;
  readonly quotesTrace?: Trace;
  readonly payment?: string;
  /** The number that the next order gets; kept until it is placed, so that asking twice is one order. */
  readonly draft?: string;
  readonly orders: readonly Order[];
  /** Stands for this browser and its card in the demo's screening. */
  readonly device: string;
}

const KEY = "demo-outfitters-1";

function fresh(): State {
  return { cart: [], orders: [], device: random(4) };
}

/** So many random bytes in hexadecimal. */
export function random(bytes: number): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(bytes)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** A stored state, or a fresh one when there is none or it is not the shop's. */
export function read(stored: string | null): State {
  try {
    const value = JSON.parse(stored ?? "null") as Partial<State> | null;
    if (value !== null && Array.isArray(value.cart) && Array.isArray(value.orders) && typeof value.device === "string")
      return value as State;
  } catch {
    // Not JSON: somebody else's, or cut. The shop begins anew.
  }
  return fresh();
}

let state: State | undefined;
const listeners = new Set<() => void>();

export function get(): State {
  state ??= read(stored());
  return state;
}

/** Changes some of it; a field given as `undefined` is taken out. */
export function update(change: { readonly [K in keyof State]?: State[K] | undefined }): void {
  state = Object.fromEntries(Object.entries({ ...get(), ...change }).filter(([, value]) => value !== undefined)) as unknown as State;
  try {
    sessionStorage.setItem(KEY, JSON.stringify(state));
  } catch {
    // Storage is full or forbidden: the shop then remembers until the page is loaded again.
  }
  for (const listener of listeners) listener();
}

export function onChange(listener: () => void): void {
  listeners.add(listener);
}

function stored(): string | null {
  try {
    return sessionStorage.getItem(KEY);
  } catch {
    return null;
  }
}

/** Changes the cart. Prices and dates were for the old one, so the choice of shipping goes. */
export function setCart(cart: readonly Item[]): void {
  update({ cart, chosen: undefined, quotesTrace: undefined });
}

export function orderOf(id: string): Order | undefined {
  return get().orders.find((order) => order.id === id);
}

export function saveOrder(order: Order): void {
  const others = get().orders.filter(({ id }) => id !== order.id);
  update({ orders: [order, ...others] });
}
