// The one place that knows the element `<delivery-estimate>`: what it is asked, and what stands in it until it is there (or when it
// never comes: no script, no WebAssembly, not built). Nothing else of the shop depends on it.

import { lines, stock } from "./api/requests.ts";
import type { Address } from "./api/types.ts";
import { CURRENCY } from "./catalogue.ts";
import type { CartLine } from "./cart.ts";
import { h } from "./dom.ts";

const BUNDLE = "/v1/shops/demo/estimate-bundle";

/** Loads the element's script; beside the first page, not before it. */
export function loadElement(): void {
  import("@cartwright/estimates/element").catch(() => {
    // The sentence in the element stays, and the checkout asks the server anyway.
  });
}

/** An estimate for these goods. `to` is where, when the shopper has told the shop already. */
export function estimate(cart: readonly CartLine[], to: Address | undefined): HTMLElement {
  const only = cart.length === 1 ? cart[0] : undefined;
  const country = to?.country ?? "US";
  const postalCode = to?.postalCode ?? undefined;
  const element = h("delivery-estimate", {
    bundle: BUNDLE,
    country,
    "postal-code": postalCode,
    locale: "en-US",
    currency: CURRENCY,
    "data-testid": "estimate",
    ...(only === undefined ? {} : {
      sku: only.product.sku, price: only.product.price, weight: only.product.weight, quantity: only.quantity,
      length: only.product.size.length, width: only.product.size.width, height: only.product.size.height,
    }),
  }, h("p", {}, "Ships from Nevada, Ohio or Oregon. Dates and prices for your postal code are shown at checkout."));
  // What attributes cannot say: several lines, how they may be turned, and what lies where. Set once the element is there: a property set
  // before would stand in the way of the element's own.
  const question = {
    destination: { country, residential: true, ...(to?.subdivision ? { subdivision: to.subdivision } : {}), ...(postalCode === undefined ? {} : { postalCode }) },
    lines: lines(cart),
    stock: stock(cart),
  };
  void customElements.whenDefined("delivery-estimate").then(() => Object.assign(element, { question }));
  return element;
}
