// Puts the shop together: the shell, the routes, and what happens when the address changes.

import "./styles/base.css";
import "./styles/shop.css";
import "./styles/checkout.css";
import { replace } from "./dom.ts";
import { loadElement } from "./estimate.ts";
import { address } from "./pages/address.ts";
import { cart } from "./pages/cart.ts";
import { home } from "./pages/home.ts";
import { notFound } from "./pages/not-found.ts";
import { order, orders } from "./pages/order.ts";
import type { RenderPage } from "./pages/page.ts";
import { payment } from "./pages/payment.ts";
import { placed } from "./pages/placed.ts";
import { product } from "./pages/product.ts";
import { returning } from "./pages/returning.ts";
import { shipping } from "./pages/shipping.ts";
import { match, pathOf, type Route } from "./router.ts";
import { markCurrent, shell } from "./ui/shell.ts";

const ROUTES: readonly Route<RenderPage>[] = [
  { path: "/", page: home },
  { path: "/products/:slug", page: product },
  { path: "/cart", page: cart },
  { path: "/checkout/address", page: address },
  { path: "/checkout/shipping", page: shipping },
  { path: "/checkout/payment", page: payment },
  { path: "/orders", page: orders },
  { path: "/orders/:id/placed", page: placed },
  { path: "/orders/:id/return", page: returning },
  { path: "/orders/:id", page: order },
];

const main = shell(document.body);
let leaving = new AbortController();

/** Shows the page of the current address. `moved` is false for the first one: the browser has put the focus where it belongs. */
function show(moved: boolean): void {
  leaving.abort();
  leaving = new AbortController();
  const path = pathOf(location.hash);
  const found = match(ROUTES, path);
  const page = (found?.page ?? notFound)({ params: found?.params ?? {}, signal: leaving.signal });
  if ("redirect" in page) {
    location.replace(`#${page.redirect}`);
    return;
  }
  document.title = `${page.title} · Demo Outfitters`;
  markCurrent(path);
  replace(main, page.content);
  if (!moved) return;
  scrollTo(0, 0);
  // Who cannot see that the page has changed hears its heading.
  const heading = main.querySelector("h1");
  heading?.setAttribute("tabindex", "-1");
  heading?.focus({ preventScroll: true });
}

addEventListener("hashchange", () => show(true));
show(false);
loadElement();
