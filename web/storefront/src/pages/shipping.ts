// Second step of the checkout: how. Options with dates, price and emissions, and how each parcel is packed.

import { ask, type Trace } from "../api/client.ts";
import { quotes } from "../api/requests.ts";
import type { Quote, QuotesAnswer } from "../api/types.ts";
import { linesOf } from "../cart.ts";
import { locationName } from "../catalogue.ts";
import { h, replace } from "../dom.ts";
import { days, emissions, moment, money, plural, price } from "../format.ts";
import { packedParcel } from "../parcel/picture.ts";
import { get, update, type Chosen } from "../store.ts";
import { decidedPanel, sentence } from "../ui/decided.ts";
import { announce, notice, problemBox, waiting } from "../ui/feedback.ts";
import { radios } from "../ui/form.ts";
import { orderSummary, steps } from "../ui/summary.ts";
import { go, type RenderPage } from "./page.ts";

export const shipping: RenderPage = ({ signal }) => {
  const { cart, address } = get();
  if (cart.length === 0) return { redirect: "/cart" };
  if (address === undefined) return { redirect: "/checkout/address" };

  const body = h("div", { class: "options-body" });
  const side = h("div", { class: "side" });
  const names = linesOf(cart).map(({ product }) => product.name);
  const sum = (): void => {
    const old = side.querySelector(".order-summary");
    const fresh = orderSummary(cart, get().chosen?.quote.price);
    if (old === null) side.prepend(fresh);
    else old.replaceWith(fresh);
  };

  const show = (answer: QuotesAnswer, trace: Trace): void => {
    const wanted = get().chosen?.quote.service;
    const first = answer.quotes.find(({ service }) => service === wanted) ?? answer.quotes[0];
    replace(
      side,
      decidedPanel([
        {
          trace,
          verdict: answer.quotes.length === 0 ? "Nothing can ship there" : plural(answer.quotes.length, "option"),
          reasons: [first !== undefined && free(answer.quotes), ...answer.reasons.map(sentence)].filter(
            (each) => each !== false && each !== undefined,
          ),
        },
      ]),
    );
    sum();
    if (first === undefined) {
      replace(
        body,
        notice(
          "warning",
          h("h2", {}, "Nothing can ship there"),
          h("p", {}, "The panel says why. Change the address, or take something out of the cart."),
          h("p", {}, h("a", { href: "#/checkout/address" }, "Change the address"), " · ", h("a", { href: "#/cart" }, "Change the cart")),
        ),
      );
      announce("No shipping options.");
      return;
    }
    const parcels = h("div", { class: "parcels", "aria-live": "off" });
    const choose = (service: string): void => {
      const quote = answer.quotes.find((candidate) => candidate.service === service);
      if (quote === undefined) return;
      const chosen: Chosen = { quote, parcels: quote.parcels.flatMap((index) => answer.parcels[index] ?? []) };
      update({ chosen, quotesTrace: trace });
      replace(parcels, packed(chosen, names));
      sum();
    };
    choose(first.service);
    replace(
      body,
      h(
        "form",
        {
          class: "form",
          onsubmit: (event) => {
            event.preventDefault();
            go("/checkout/payment");
          },
        },
        answer.fallback && notice("warning", "These are the shop's backup rates: its plugin gave no answer just now."),
        radios(
          "Shipping options",
          "service",
          answer.quotes.map((quote) => ({ value: quote.service, checked: quote === first, label: card(quote, answer) })),
          choose,
        ),
        parcels,
        h(
          "div",
          { class: "actions" },
          h("a", { href: "#/checkout/address" }, "Back to the address"),
          h("button", { type: "submit", class: "button" }, "Continue to payment"),
        ),
      ),
    );
    announce(plural(answer.quotes.length, "shipping option"));
  };

  const load = async (): Promise<void> => {
    replace(body, waiting("Asking for shipping options …", 4));
    const asked = await ask("quotes", quotes(cart, address), signal);
    if (signal.aborted) return;
    if (asked.ok) show(asked.answer, asked.trace);
    else {
      const field = asked.problem.field ?? "";
      replace(
        body,
        problemBox(asked.problem, () => void load()),
        field.startsWith("/destination") && h("p", {}, h("a", { href: "#/checkout/address" }, "Change the address")),
      );
    }
  };
  sum();
  void load();

  return {
    title: "Shipping",
    content: h(
      "div",
      { class: "page with-panel checkout" },
      h("div", { class: "step-body" }, steps("shipping"), h("h1", {}, "How should it come?"), body),
      side,
    ),
  };
};

/** How far the cart is from free shipping, in words. */
function free(options: readonly Quote[]): string | undefined {
  const nearest = options
    .filter(({ untilFree }) => typeof untilFree === "number" && untilFree > 0)
    .sort((a, b) => (a.untilFree ?? 0) - (b.untilFree ?? 0))[0];
  if (nearest !== undefined) return `${money(nearest.untilFree ?? 0)} more in the cart, and ${nearest.name} is free.`;
  const already = options.find(({ untilFree }) => untilFree === 0);
  return already === undefined ? undefined : `${already.name} is free for a cart of this value.`;
}

function card(quote: Quote, answer: QuotesAnswer): HTMLElement {
  const { promise } = quote;
  const verb = quote.method === "pickUp" ? "Ready" : "Arrives";
  const boxes = quote.parcels.length;
  const from = [...new Set(quote.parcels.map((index) => answer.parcels[index]?.location ?? ""))]
    .filter((id) => id !== "")
    .map(locationName)
    .join(" and ");
  return h(
    "span",
    { class: "option", "data-service": quote.service },
    h(
      "span",
      { class: "option-head" },
      h("strong", {}, quote.name),
      quote.carrier !== "" && h("span", { class: "muted" }, ` ${quote.carrier}`),
      h("strong", { class: "option-price" }, price(quote.price)),
    ),
    h("span", { class: "option-line" }, promise ? `${verb} ${days(promise.earliest, promise.latest)}` : "No date is promised"),
    h(
      "span",
      { class: "option-line muted" },
      [
        promise ? `Order by ${moment(promise.orderBy)}` : "",
        quote.method === "pickUp" ? "You collect it" : boxes > 0 ? `${plural(boxes, "parcel")} from ${from}` : "",
        typeof quote.emissions === "number" ? emissions(quote.emissions) : "",
      ]
        .filter((part) => part !== "")
        .join(" · "),
    ),
    typeof quote.untilFree === "number" &&
      quote.untilFree > 0 &&
      h("span", { class: "option-line good" }, `${money(quote.untilFree)} more for free shipping`),
    quote.backup && h("span", { class: "option-line" }, "Backup rate"),
  );
}

function packed({ quote, parcels }: Chosen, names: readonly string[]): HTMLElement {
  if (parcels.length === 0) {
    return h(
      "section",
      { class: "packing", "aria-label": "Packing" },
      h(
        "p",
        { class: "muted" },
        quote.method === "pickUp" ? "Nothing is packed: it waits on a shelf of the store." : "How it is packed is not known.",
      ),
    );
  }
  return h(
    "section",
    { class: "packing", "aria-label": "Packing" },
    parcels.map((parcel, index) => packedParcel(parcel, index + 1, parcels.length, names, locationName(parcel.location))),
  );
}
