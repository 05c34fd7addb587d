// The one place that knows the element `<delivery-estimate>`: what it is asked, and what stands in it until it is there (or when it
// never comes: no script, no WebAssembly, not built). Nothing else of the shop depends on it.

import type { Trace } from "./api/client.ts";
import { lines as apiLines, stock } from "./api/requests.ts";
import type { Reason } from "./api/types.ts";
import type { CartLine } from "./cart.ts";
import { h, replace } from "./dom.ts";
import { plural } from "./format.ts";
import { get, update } from "./store.ts";
import { decidedPanel } from "./ui/decided.ts";

const BUNDLE = "/v1/shops/demo/estimate-bundle";

/** Loads the element's script; beside the first page, not before it. */
export function loadElement(): void {
  import("@cartwright/estimates/element").catch(() => {
    // The sentence in the element stays, and the checkout asks the server anyway.
  });
}

/** What the element tells of each new estimate, as far as the shop reads it. */
interface Result {
  readonly source?: "browser" | "server" | "none";
  readonly options?: readonly unknown[];
  readonly reasons?: readonly Reason[];
  readonly plugin?: { readonly name: string; readonly version: string; readonly snapshot: string };
  readonly problem?: { readonly code: string; readonly message: string };
}

export interface Estimate {
  /** Where the estimate stands. */
  readonly element: HTMLElement;
  /** Says who decided, once somebody has. */
  readonly panel: HTMLElement;
  /** Asks about other goods. */
  ask(cart: readonly CartLine[]): void;
}

const BEFORE = [
  "When you give a postal code, your browser decides the dates: the shop publishes its shipping rules as a signed bundle,",
  "and the same program that answers at checkout runs here, without a request.",
  "When the browser cannot, the shop's server is asked.",
].join(" ");

/** An estimate for these goods, going where the shopper has said: to an address of this checkout, or near a postal code given before. */
export function estimate(cart: readonly CartLine[]): Estimate {
  const { address: to, near } = get();
  const country = to?.country ?? "US";
  const postalCode = to?.postalCode ?? near;
  const element = h(
    "delivery-estimate",
    { bundle: BUNDLE, country, "postal-code": postalCode, locale: "en-US", "data-testid": "estimate" },
    h("p", {}, "Ships from Nevada, Ohio or Oregon. Dates and prices for your postal code are shown at checkout."),
  );
  const panel = h("div", {}, decidedPanel([], BEFORE));
  element.addEventListener("estimate", (event) => replace(panel, told((event as CustomEvent<Result>).detail)));
  element.addEventListener("postal-code", (event) => update({ near: (event as CustomEvent<string>).detail }));
  // A property, because attributes say neither several lines, nor how they may be turned, nor what lies where.
  const ask = (lines: readonly CartLine[]): void =>
    void Object.assign(element, {
      question: {
        destination: {
          country,
          residential: true,
          ...(to?.subdivision ? { subdivision: to.subdivision } : {}),
          ...(postalCode === undefined ? {} : { postalCode }),
        },
        lines: apiLines(lines),
        stock: stock(lines),
      },
    });
  ask(cart);
  return { element, panel, ask };
}

function told({ source, options = [], reasons = [], plugin, problem }: Result): HTMLElement {
  const where = source === "browser" ? "Decided in your browser, without a request" : "Decided by the shop's server";
  const trace: Trace | undefined = plugin === undefined || source === "none" ? undefined : { hook: "quotes", plugins: [plugin], reasons };
  const why =
    problem === undefined
      ? undefined
      : `${source === "server" ? "The browser did not decide" : "There is no estimate"}: ${problem.message}`;
  return trace === undefined
    ? decidedPanel([], why ?? BEFORE)
    : decidedPanel([{ trace, verdict: `${where}: ${plural(options.length, "option")}` }], why);
}
