// What an order comes to, beside each step of the checkout.

import { linesOf, subtotal, type Item } from "../cart.ts";
import { h } from "../dom.ts";
import { money, price } from "../format.ts";
import { picture } from "../pictures.ts";

/** `shipping` in cents; absent while it is not chosen. */
export function orderSummary(items: readonly Item[], shipping: number | undefined): HTMLElement {
  const goods = subtotal(items);
  return h(
    "section",
    { class: "order-summary", "aria-label": "Order summary" },
    h("h2", {}, "Order summary"),
    h(
      "ul",
      { class: "mini-lines" },
      linesOf(items).map(({ product, quantity }) =>
        h(
          "li",
          {},
          picture(product.slug, "mini"),
          h("span", {}, `${quantity} × ${product.name}`),
          h("span", {}, money(product.price * quantity)),
        ),
      ),
    ),
    h(
      "dl",
      { class: "sums" },
      h("dt", {}, "Goods"),
      h("dd", {}, money(goods)),
      h("dt", {}, "Shipping"),
      h("dd", {}, shipping === undefined ? "chosen next" : price(shipping)),
      h("dt", { class: "total" }, "Total"),
      h("dd", { class: "total", "data-testid": "total" }, money(goods + (shipping ?? 0))),
    ),
  );
}

const STEPS = [
  { id: "address", name: "Address" },
  { id: "shipping", name: "Shipping" },
  { id: "payment", name: "Payment" },
] as const;

export type Step = (typeof STEPS)[number]["id"];

/** Where in the checkout one is; steps that are done lead back. */
export function steps(current: Step): HTMLElement {
  const now = STEPS.findIndex(({ id }) => id === current);
  return h(
    "nav",
    { class: "steps", "aria-label": "Checkout" },
    h(
      "ol",
      {},
      STEPS.map(({ id, name }, index) =>
        h(
          "li",
          {},
          index < now
            ? h("a", { href: `#/checkout/${id}` }, name)
            : h("span", index === now ? { "aria-current": "step" } : { class: "muted" }, name),
        ),
      ),
    ),
  );
}
