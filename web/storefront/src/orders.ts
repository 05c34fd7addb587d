// What happens to an order after it was placed. Knows the API and the order, and no page.

import { ask, type Problem } from "./api/client.ts";
import { returns, routing, type ReturnWish } from "./api/requests.ts";
import type { ReturnAnswer } from "./api/types.ts";
import type { Decision, Order } from "./store.ts";

export type Routed = { readonly ok: true; readonly order: Order } | { readonly ok: false; readonly problem: Problem };

/** Nothing is routed that nobody ships. */
export function isPickUp(order: Order): boolean {
  return order.chosen.quote.method === "pickUp";
}

/** Whether the order waits for a person. */
export function isHeld(order: Order): boolean {
  return order.screening.answer.verdict === "review" && order.released !== true;
}

/** Asks which location ships what. An order that is picked up comes back as it is. */
export async function route(order: Order, signal?: AbortSignal): Promise<Routed> {
  if (isPickUp(order)) return { ok: true, order };
  const asked = await ask("routings", routing(order), signal);
  if (!asked.ok) return { ok: false, problem: asked.problem };
  return { ok: true, order: { ...order, routing: { answer: asked.answer, trace: asked.trace } } };
}

/** The order's state in a word or two. */
export function statusOf(order: Order): string {
  if (isHeld(order)) return "Held for review";
  if ((order.returns ?? []).length > 0) return "Return asked for";
  if (isPickUp(order)) return "Ready for pick-up soon";
  if (order.routing === undefined) return "Accepted, not routed yet";
  if (order.routing.answer.disposition === "hold") return "Waiting for stock";
  return order.routing.answer.disposition === "cancel" ? "Cancelled" : "Being prepared";
}

export type ReturnOutcome =
  { readonly ok: true; readonly decision: Decision<ReturnAnswer> } | { readonly ok: false; readonly problem: Problem };

/** Asks what would become of a return; asking changes nothing. */
export async function askReturn(order: Order, wish: ReturnWish, signal?: AbortSignal): Promise<ReturnOutcome> {
  const asked = await ask("returns", returns(order, wish), signal);
  return asked.ok ? { ok: true, decision: { answer: asked.answer, trace: asked.trace } } : asked;
}
