// The cart: quantities, the sum, and when it would arrive.

import { linesOf, setQuantity, subtotal, type CartLine } from "../cart.ts";
import { CURRENCY, MOST_UNITS } from "../catalogue.ts";
import { h, replace } from "../dom.ts";
import { estimate } from "../estimate.ts";
import { money } from "../format.ts";
import { picture } from "../pictures.ts";
import { get, setCart } from "../store.ts";
import { announce } from "../ui/feedback.ts";
import type { RenderPage } from "./page.ts";

export const cart: RenderPage = () => {
  const body = h("div", { class: "cart-body" });
  const title = h("h1", { tabindex: "-1" }, "Your cart");
  const arrival = estimate(linesOf(get().cart));
  const list = h("ul", { class: "cart-lines" });
  const goods = h("dd", { "data-testid": "subtotal" });
  // Drawn once: an element that is taken out and put in again would begin anew.
  const filled = [
    list,
    h(
      "section",
      { class: "cart-sum", "aria-label": "Cart total" },
      h("dl", { class: "sums" }, h("dt", {}, "Goods"), goods),
      h("section", { "aria-label": "Delivery" }, arrival.element),
      h("p", { class: "muted" }, "Shipping is chosen at checkout. The demo charges no tax."),
      h("a", { class: "button wide", href: "#/checkout/address" }, "Go to checkout"),
    ),
    arrival.panel,
  ];
  const draw = (): void => {
    const lines = linesOf(get().cart);
    if (lines.length === 0) {
      replace(body, h("p", {}, "Nothing is in it yet."), h("p", {}, h("a", { class: "button", href: "#/" }, "See the products")));
      return;
    }
    arrival.ask(lines);
    replace(
      list,
      lines.map((line) => row(line, draw, title)),
    );
    replace(goods, money(subtotal(get().cart), CURRENCY));
    if (!body.contains(list)) replace(body, filled);
  };
  draw();
  return { title: "Cart", content: h("div", { class: "page" }, title, body) };
};

function row({ product, quantity }: CartLine, redraw: () => void, title: HTMLElement): HTMLElement {
  const id = `quantity-${product.slug}`;
  const change = (wanted: number): void => {
    setCart(setQuantity(get().cart, product.sku, wanted));
    redraw();
    announce(`${product.name}: ${wanted === 0 ? "removed" : String(wanted)}. Goods ${money(subtotal(get().cart))}.`);
    // The control was drawn anew; who used it goes on where they were.
    (document.getElementById(id) ?? title).focus();
  };
  const select = h(
    "select",
    { id, name: id, onchange: () => change(Number(select.value)) },
    Array.from({ length: MOST_UNITS }, (_, index) =>
      h("option", { value: index + 1, selected: index + 1 === quantity }, String(index + 1)),
    ),
  );
  return h(
    "li",
    { class: "cart-line", "data-sku": product.sku },
    picture(product.slug, "thumb"),
    h(
      "div",
      { class: "cart-text" },
      h("h2", {}, h("a", { href: `#/products/${product.slug}` }, product.name)),
      h("p", { class: "muted" }, `${money(product.price)} each`),
      product.hazardous && h("p", { class: "tag" }, "Dangerous good"),
      product.tags.includes("final-sale") && h("p", { class: "tag" }, "Final sale"),
    ),
    h(
      "div",
      { class: "field cart-quantity" },
      h("label", { for: id }, "Quantity", h("span", { class: "sr-only" }, ` of ${product.name}`)),
      select,
    ),
    h("p", { class: "price" }, money(product.price * quantity)),
    h("button", { type: "button", class: "link", onclick: () => change(0) }, "Remove", h("span", { class: "sr-only" }, ` ${product.name}`)),
  );
}
