// Third step of the checkout: a way to pay, and the order. Screening judges it; what is accepted is routed at once.

import { ask } from "../api/client.ts";
import { screening } from "../api/requests.ts";
import type { ScreeningAnswer } from "../api/types.ts";
import { total } from "../cart.ts";
import { h, replace } from "../dom.ts";
import { days, price } from "../format.ts";
import { CHOICES, choiceOf } from "../payment.ts";
import { oneLine } from "../places.ts";
import { get, random, saveOrder, update, type Decision, type Order } from "../store.ts";
import { decidedPanel } from "../ui/decided.ts";
import { announce, busyButton, once, outcome, problemBox } from "../ui/feedback.ts";
import { radios } from "../ui/form.ts";
import { orderSummary, steps } from "../ui/summary.ts";
import { route } from "../orders.ts";
import { screeningShown } from "../ui/verdicts.ts";
import { go, type RenderPage } from "./page.ts";

export const payment: RenderPage = ({ signal }) => {
  const { cart, address, chosen, typed } = get();
  if (cart.length === 0) return { redirect: "/cart" };
  if (address === undefined || typed === undefined) return { redirect: "/checkout/address" };
  if (chosen === undefined) return { redirect: "/checkout/shipping" };

  const below = outcome();
  const panel = h(
    "div",
    {},
    decidedPanel(
      [],
      "When you place the order, the shop's screening plugin judges it; if it is safe, the routing plugin decides which location ships what.",
    ),
  );
  const button = busyButton("submit", "button", "Place order", "Placing the order …");

  const place = once(button, async () => {
    below.wait("Placing the order …");
    const choice = choiceOf(get().payment);
    // The number stays the same until the order is placed: asking again after an error is the same order, not a second one.
    const id = get().draft ?? `D-${(Number.parseInt(random(3), 16) % 900_000) + 100_000}`;
    update({ draft: id });
    const asked = await ask(
      "screenings",
      screening({
        order: id,
        items: cart,
        to: address,
        email: typed.email.trim(),
        service: chosen.quote.service,
        amount: total(cart, chosen.quote.price),
        choice,
        device: get().device,
      }),
      signal,
    );
    if (signal.aborted) return;
    if (!asked.ok) {
      below.show(problemBox(asked.problem, place));
      return;
    }
    const decision: Decision<ScreeningAnswer> = { answer: asked.answer, trace: asked.trace };
    if (decision.answer.verdict === "reject") {
      replace(panel, decidedPanel([screeningShown(decision)]));
      below.show(
        h(
          "section",
          { class: "notice error", role: "alert", "aria-labelledby": "rejected", "data-testid": "rejected" },
          h("h2", { id: "rejected" }, "We cannot accept this payment"),
          h("p", {}, "Nothing was charged and no order was placed. Choose another way to pay."),
          h("p", { class: "muted" }, "A real shop would tell the shopper no more than this; the panel shows what the merchant sees."),
        ),
      );
      return;
    }
    const placed: Order = {
      id,
      placed: decision.answer.at,
      items: cart,
      address,
      email: typed.email.trim(),
      chosen,
      payment: choice.id,
      screening: decision,
    };
    const routed = decision.answer.verdict === "accept" ? await route(placed, signal) : undefined;
    // Accepted is accepted: when routing could not be asked, the order stands, and its page offers to ask again.
    saveOrder(routed?.ok ? routed.order : placed);
    update({ cart: [], chosen: undefined, quotesTrace: undefined, draft: undefined });
    announce("Order placed.");
    if (!signal.aborted) go(`/orders/${id}/placed`);
  });

  return {
    title: "Payment",
    content: h(
      "div",
      { class: "page with-panel checkout" },
      h(
        "div",
        { class: "step-body" },
        steps("payment"),
        h("h1", {}, "How would you like to pay?"),
        h(
          "form",
          {
            class: "form",
            onsubmit: (event) => {
              event.preventDefault();
              place();
            },
          },
          h("p", { class: "demo-hint" }, "No card is needed. Choose what the payment service would say of one:"),
          radios(
            "Payment",
            "payment",
            CHOICES.map((choice) => ({
              value: choice.id,
              checked: choice.id === choiceOf(get().payment).id,
              label: h(
                "span",
                { class: "option" },
                h("strong", {}, choice.name),
                h("span", { class: "option-line muted" }, choice.explanation),
              ),
            })),
            (value) => update({ payment: value }),
          ),
          h(
            "section",
            { class: "review", "aria-label": "Delivery" },
            h(
              "p",
              {},
              h("strong", {}, "To "),
              oneLine(address),
              " ",
              h("a", { href: "#/checkout/address" }, "Change", h("span", { class: "sr-only" }, " the address")),
            ),
            h(
              "p",
              {},
              h("strong", {}, "By "),
              chosen.quote.name,
              ", ",
              price(chosen.quote.price),
              chosen.quote.promise ? `, ${days(chosen.quote.promise.earliest, chosen.quote.promise.latest)}` : "",
              " ",
              h("a", { href: "#/checkout/shipping" }, "Change", h("span", { class: "sr-only" }, " the shipping")),
            ),
          ),
          h("div", { class: "actions" }, h("a", { href: "#/checkout/shipping" }, "Back to shipping"), button),
        ),
        below.element,
      ),
      h("div", { class: "side" }, orderSummary(cart, chosen.quote.price), panel),
    ),
  };
};
