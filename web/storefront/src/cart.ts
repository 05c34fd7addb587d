// What a cart comes to: pure functions over its items. Knows neither the page nor the API.

import { bySku, MOST_UNITS, type Product } from "./catalogue.ts";

export interface Item {
  readonly sku: string;
  readonly quantity: number;
}

export interface CartLine {
  readonly product: Product;
  readonly quantity: number;
}

/** The items that the catalogue still knows, each with its product; the order is the cart's. */
export function linesOf(items: readonly Item[]): CartLine[] {
  return items.flatMap(({ sku, quantity }) => {
    const product = bySku(sku);
    return product === undefined ? [] : [{ product, quantity }];
  });
}

/** Puts units into the cart; together never more than the shop sells at once. */
export function add(items: readonly Item[], sku: string, quantity: number): Item[] {
  const there = items.find((item) => item.sku === sku)?.quantity ?? 0;
  return there === 0 ? [...items, { sku, quantity: held(quantity) }] : setQuantity(items, sku, there + quantity);
}

/** Sets how many units are wanted; 0 takes the item out. */
export function setQuantity(items: readonly Item[], sku: string, quantity: number): Item[] {
  if (quantity <= 0) return items.filter((item) => item.sku !== sku);
  return items.map((item) => (item.sku === sku ? { sku, quantity: held(quantity) } : item));
}

function held(quantity: number): number {
  return Math.min(Math.max(Math.trunc(quantity) || 1, 1), MOST_UNITS);
}

/** In cents. */
export function subtotal(items: readonly Item[]): number {
  return linesOf(items).reduce((sum, { product, quantity }) => sum + product.price * quantity, 0);
}

export function units(items: readonly Item[]): number {
  return items.reduce((sum, { quantity }) => sum + quantity, 0);
}

/** Goods and shipping, in cents. */
export function total(items: readonly Item[], shipping: number): number {
  return subtotal(items) + shipping;
}
