// The list of products, and sets of goods that make a good demo together.

import { add, units } from "../cart.ts";
import { bySku, KITS, PRODUCTS, type Kit, type Product } from "../catalogue.ts";
import { h } from "../dom.ts";
import { money } from "../format.ts";
import { picture } from "../pictures.ts";
import { get, setCart } from "../store.ts";
import { announce } from "../ui/feedback.ts";
import type { RenderPage } from "./page.ts";

export const home: RenderPage = () => ({
  title: "Products",
  content: h(
    "div",
    { class: "page" },
    h(
      "div",
      { class: "hero" },
      h("h1", {}, "Gear for the trail and the kitchen after it"),
      h("p", {}, "Nine things we would take ourselves. You see when they arrive before you buy them."),
    ),
    h(
      "section",
      { "aria-labelledby": "products" },
      h("h2", { id: "products" }, "Products"),
      h("ul", { class: "grid" }, PRODUCTS.map(card)),
    ),
    h("section", { "aria-labelledby": "sets" }, h("h2", { id: "sets" }, "Sets"), h("ul", { class: "grid kits" }, KITS.map(kitCard))),
  ),
});

function card(product: Product): HTMLElement {
  return h(
    "li",
    { class: "card" },
    picture(product.slug, "tile"),
    h(
      "div",
      { class: "card-text" },
      h("p", { class: "muted kind" }, product.kind),
      h("h3", {}, h("a", { href: `#/products/${product.slug}` }, product.name)),
      h("p", { class: "price" }, money(product.price)),
    ),
  );
}

function kitCard(kit: Kit): HTMLElement {
  const sum = kit.items.reduce((total, { sku, quantity }) => total + (bySku(sku)?.price ?? 0) * quantity, 0);
  return h(
    "li",
    { class: "card kit" },
    h(
      "div",
      { class: "kit-pictures" },
      kit.items.slice(0, 3).map(({ sku }) => picture(bySku(sku)?.slug ?? "", "mini")),
    ),
    h(
      "div",
      { class: "card-text" },
      h("h3", {}, kit.name),
      h("p", {}, kit.blurb),
      h("p", { class: "price" }, money(sum)),
      h(
        "button",
        {
          type: "button",
          class: "button quiet",
          onclick: () => {
            setCart(kit.items.reduce((cart, { sku, quantity }) => add(cart, sku, quantity), [...get().cart]));
            announce(`${kit.name} added. ${units(get().cart)} items in the cart.`);
          },
        },
        "Add set to cart",
        h("span", { class: "sr-only" }, `: ${kit.name}`),
      ),
    ),
  );
}
