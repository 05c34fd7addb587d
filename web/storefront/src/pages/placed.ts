// "Thank you": what screening said, and which location ships what.

import { h } from "../dom.ts";
import { days } from "../format.ts";
import { isHeld, isPickUp } from "../orders.ts";
import { oneLine } from "../places.ts";
import { orderOf } from "../store.ts";
import { routingSection } from "./order.ts";
import { notFound } from "./not-found.ts";
import type { RenderPage } from "./page.ts";
import { decidedPanel } from "../ui/decided.ts";
import { routingShown, screeningShown } from "../ui/verdicts.ts";

export const placed: RenderPage = (context) => {
  const order = orderOf(context.params["id"] ?? "");
  if (order === undefined) return notFound(context);
  const { quote } = order.chosen;
  const held = isHeld(order);
  return {
    title: "Order placed",
    content: h(
      "div",
      { class: "page with-panel" },
      h(
        "div",
        { class: "step-body" },
        h("h1", {}, held ? "Thank you. We will look at your order" : "Thank you, your order is placed"),
        h("p", {}, "Order ", h("strong", { "data-testid": "order-id" }, order.id), `. A confirmation would go to ${order.email}.`),
        held && h("p", {}, "A person checks it before anything is packed; you hear from us within a day."),
        h(
          "p",
          {},
          `${quote.name} to ${oneLine(order.address)}`,
          quote.promise ? `: ${days(quote.promise.earliest, quote.promise.latest)}.` : ".",
        ),
        routingSection(order, context.signal),
        h(
          "div",
          { class: "actions" },
          h("a", { href: "#/" }, "Go on shopping"),
          h("a", { class: "button", href: `#/orders/${order.id}` }, "See the order"),
        ),
      ),
      decidedPanel(
        [screeningShown(order.screening), ...(order.routing === undefined ? [] : [routingShown(order.routing)])],
        held
          ? "Nothing reaches a warehouse before the order is released, so routing was not asked yet."
          : isPickUp(order)
            ? "You collect it, so routing is not asked."
            : undefined,
      ),
    ),
  };
};
