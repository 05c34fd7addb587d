// How the answers about an order are told in its panel.

import type { ReturnAnswer, RoutingAnswer, ScreeningAnswer } from "../api/types.ts";
import { linesOf } from "../cart.ts";
import { locationName } from "../catalogue.ts";
import { h, type Child } from "../dom.ts";
import { day, money, plural } from "../format.ts";
import type { Decision, Order } from "../store.ts";
import { sentence, type Shown } from "./decided.ts";

const SCREENING: Readonly<Record<ScreeningAnswer["verdict"], string>> = {
  accept: "Accepted",
  review: "Held for review",
  reject: "Rejected",
};

export function screeningShown({ answer, trace }: Decision<ScreeningAnswer>): Shown {
  return {
    trace,
    verdict: `${SCREENING[answer.verdict]}: ${answer.score} of 1000 points of risk`,
    reasons: [
      ...answer.reasons.map(sentence),
      ...answer.contributions.map(({ reason, points }): Child => [
        h("span", { class: "points" }, `${points > 0 ? "+" : "−"}${Math.abs(points)}`),
        " ",
        sentence(reason),
      ]),
    ],
  };
}

const ROUTING: Readonly<Record<RoutingAnswer["disposition"], string>> = { release: "Released", hold: "Waits", cancel: "Cancelled" };

export function routingShown({ answer, trace }: Decision<RoutingAnswer>): Shown {
  const dearer = answer.comparisons.find(({ rule }) => rule === "ranked-rule");
  return {
    trace,
    verdict: `${ROUTING[answer.disposition]}: ${plural(answer.shipments.length, "shipment")} for ${money(answer.total)}`,
    reasons: [
      ...answer.reasons.map(sentence),
      ...(dearer !== undefined && dearer.total > answer.total
        ? [`“The first location in rank that has it” would have cost the shop ${money(dearer.total)}.`]
        : []),
    ],
  };
}

const RETURNS = { approve: "Approved", review: "A person decides", decline: "Declined" } as const;

export function returnShown({ answer, trace }: Decision<ReturnAnswer>): Shown {
  const decision = answer.decisions[0];
  return {
    trace,
    ...(decision === undefined ? {} : { verdict: RETURNS[decision.verdict] }),
    reasons: [...answer.decisions.flatMap(({ reasons }) => reasons), ...answer.reasons].map(sentence),
  };
}

/** Which location ships what, and when it arrives. */
export function shipments(order: Order): HTMLElement | undefined {
  const answer = order.routing?.answer;
  if (answer === undefined) return undefined;
  const cart = linesOf(order.items);
  const named = (units: { line: number; quantity: number }[]): string =>
    units.map(({ line, quantity }) => `${quantity} × ${cart[line]?.product.name ?? "?"}`).join(", ");
  return h(
    "ul",
    { class: "shipments", "data-testid": "shipments" },
    answer.shipments.map(({ location, lines, arrives }, index) =>
      h(
        "li",
        { class: "shipment" },
        h("h3", {}, answer.shipments.length === 1 ? "Shipment" : `Shipment ${index + 1}`, ` from ${locationName(location)}`),
        h("p", {}, named(lines)),
        h("p", { class: "muted" }, arrives ? `Arrives ${day(arrives)}` : "No day is known yet"),
      ),
    ),
    answer.backordered.length > 0 &&
      h(
        "li",
        { class: "shipment" },
        h("h3", {}, "Not on a shelf now"),
        h("p", {}, named(answer.backordered)),
        h("p", { class: "muted" }, "It follows when it is there again."),
      ),
  );
}
