// What stands around every page: skip link, header with the cart, the place for the page, footer. Knows the state only for the counts.

import { h, replace } from "../dom.ts";
import { FREE_FROM } from "../catalogue.ts";
import { units } from "../cart.ts";
import { money } from "../format.ts";
import { get, onChange } from "../store.ts";

/** Builds the shell into the body and gives the element that pages go into. */
export function shell(body: HTMLElement): HTMLElement {
  const main = h("main", { id: "main", tabindex: "-1" });
  const cart = h("a", { href: "#/cart", class: "cart-link" });
  const orders = h("a", { href: "#/orders" }, "Orders");
  const counts = (): void => {
    const { cart: items } = get();
    const many = units(items);
    replace(
      cart,
      "Cart ",
      h("span", { class: "badge", "data-testid": "cart-count" }, String(many)),
      h("span", { class: "sr-only" }, many === 1 ? " item" : " items"),
    );
  };
  counts();
  onChange(counts);
  // The address is the page's, so the skip link must not change it.
  const skip = h(
    "a",
    {
      href: "#main",
      class: "skip",
      onclick: (event) => {
        event.preventDefault();
        main.focus();
      },
    },
    "Skip to content",
  );
  replace(
    body,
    skip,
    h(
      "header",
      { class: "top" },
      h("p", { class: "promise" }, `Free Ground shipping from ${money(FREE_FROM)} within the contiguous US`),
      h(
        "div",
        { class: "bar-top" },
        h("a", { href: "#/", class: "brand", "aria-label": "Demo Outfitters, home" }, mark(), h("span", {}, "Demo Outfitters")),
        h("nav", { "aria-label": "Shop" }, h("a", { href: "#/" }, "Products"), orders, cart),
      ),
    ),
    main,
    h(
      "footer",
      {},
      h("p", {}, "Demo Outfitters is a demo: nothing is sold, no card is asked for, and what you type stays in this tab."),
      h("p", {}, "Every decision is made by a plugin that Cartwright runs; each page says which, and why."),
    ),
    h("div", { id: "status", role: "status", class: "sr-only" }),
  );
  return main;
}

function mark(): Node {
  const template = document.createElement("template");
  template.innerHTML =
    '<svg viewBox="0 0 32 32" width="32" height="32" aria-hidden="true" focusable="false"><path d="M16 4 30 28H2Z" fill="currentColor"/><path d="M16 12 22.5 28h-13Z" class="mark-door"/></svg>';
  return template.content;
}

/** Marks the header's link of the page one is on. */
export function markCurrent(path: string): void {
  for (const link of document.querySelectorAll<HTMLAnchorElement>("header nav a")) {
    const target = link.getAttribute("href")?.slice(1) ?? "";
    const current = target === "/" ? path === "/" || path.startsWith("/products/") : path.startsWith(target);
    if (current) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
}
