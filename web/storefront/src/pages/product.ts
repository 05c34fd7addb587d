// One product: what it is, when it would arrive, and into the cart.

import { add, units } from "../cart.ts";
import { bySlug, MOST_UNITS } from "../catalogue.ts";
import { h, replace } from "../dom.ts";
import { estimate } from "../estimate.ts";
import { money, sides, weight } from "../format.ts";
import { picture } from "../pictures.ts";
import { get, setCart } from "../store.ts";
import { announce } from "../ui/feedback.ts";
import { notFound } from "./not-found.ts";
import { go, type RenderPage } from "./page.ts";

export const product: RenderPage = (context) => {
  const shown = bySlug(context.params["slug"] ?? "");
  if (shown === undefined) return notFound(context);
  const arrival = estimate([{ product: shown, quantity: 1 }]);
  const quantity = h(
    "select",
    { id: "quantity", name: "quantity", onchange: () => arrival.ask([{ product: shown, quantity: Number(quantity.value) }]) },
    Array.from({ length: 10 }, (_, index) => h("option", { value: index + 1 }, String(index + 1))),
  );
  const added = h("p", { class: "added" });
  const put = (then: string | undefined): void => {
    setCart(add(get().cart, shown.sku, Number(quantity.value)));
    if (then !== undefined) return go(then);
    const there = get().cart.find(({ sku }) => sku === shown.sku)?.quantity ?? 0;
    replace(
      added,
      there >= MOST_UNITS ? `${MOST_UNITS} in the cart: the most we sell at once. ` : `${there} in the cart. `,
      h("a", { href: "#/cart" }, "Go to the cart"),
    );
    announce(`${shown.name} added. ${units(get().cart)} items in the cart.`);
  };
  return {
    title: shown.name,
    content: h(
      "div",
      { class: "page with-panel" },
      h(
        "div",
        { class: "product" },
        picture(shown.slug, "large"),
        h(
          "div",
          { class: "product-text" },
          h("p", { class: "muted kind" }, h("a", { href: "#/" }, "Products"), ` / ${shown.kind}`),
          h("h1", {}, shown.name),
          h("p", { class: "price large" }, money(shown.price)),
          h("p", {}, shown.blurb),
          h("section", { class: "arrival", "aria-label": "Delivery" }, arrival.element),
          h(
            "form",
            {
              class: "buy",
              onsubmit: (event) => {
                event.preventDefault();
                put(undefined);
              },
            },
            h("div", { class: "field" }, h("label", { for: "quantity" }, "Quantity"), quantity),
            h("button", { type: "submit", class: "button" }, "Add to cart"),
            h("button", { type: "button", class: "button quiet", onclick: () => put("/cart") }, "Buy now"),
          ),
          added,
          h(
            "ul",
            { class: "bullets" },
            shown.facts.map((fact) => h("li", {}, fact)),
          ),
          h("p", { class: "muted" }, `${shown.sku} · packed ${sides(shown.size)}, ${weight(shown.weight)}`),
        ),
      ),
      arrival.panel,
    ),
  };
};
