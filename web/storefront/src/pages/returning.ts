// A return is asked for: what, why, in what condition; the policy answers with remedies, the refund, the label and how long it may wait.

import { locationName } from "../catalogue.ts";
import { linesOf } from "../cart.ts";
import { arrival, type ReturnWish } from "../api/requests.ts";
import type { Remedy, ReturnAnswer } from "../api/types.ts";
import { h, replace } from "../dom.ts";
import { day, farDay, money } from "../format.ts";
import { askReturn } from "../orders.ts";
import { orderOf, saveOrder, type Decision, type Order } from "../store.ts";
import { decidedPanel } from "../ui/decided.ts";
import { announce, busyButton, notice, once, outcome, problemBox } from "../ui/feedback.ts";
import { field, radios } from "../ui/form.ts";
import { returnShown } from "../ui/verdicts.ts";
import { notFound } from "./not-found.ts";
import { go, type RenderPage } from "./page.ts";

const REASONS = [
  { value: "TOO_LARGE", label: "It is too large" },
  { value: "TOO_SMALL", label: "It is too small" },
  { value: "CHANGED_MIND", label: "I changed my mind" },
  { value: "DEFECTIVE", label: "It is defective" },
  { value: "ARRIVED_DAMAGED", label: "It arrived damaged" },
  { value: "ARRIVED_LATE", label: "It arrived late" },
  { value: "NOT_AS_DESCRIBED", label: "It is not as described" },
  { value: "WRONG_ITEM", label: "It is not what I ordered" },
];

const CONDITIONS = [
  { value: "unopened", label: "Unopened" },
  { value: "opened", label: "Opened, not used" },
  { value: "worn", label: "Used" },
  { value: "damaged", label: "Damaged" },
  { value: "defective", label: "Defective" },
];

const REMEDIES: Readonly<Record<Remedy, string>> = {
  refund: "Refund",
  exchange: "Exchange",
  storeCredit: "Store credit",
  repair: "Repair",
  keepItem: "Keep it and get money back",
};

const WHEN = [
  { value: "3", label: "Three days after it arrived" },
  { value: "45", label: "Six weeks after" },
  { value: "200", label: "Half a year after" },
  { value: "400", label: "More than a year after" },
];

const PARTS: Readonly<Record<string, string>> = {
  goods: "Goods",
  tax: "Tax",
  bundle: "Bundle",
  earlierRefunds: "Given back before",
  condition: "Condition",
  keptGoods: "Goods that you keep",
  restockingFee: "Restocking fee",
  labelFee: "Label",
};

export const returning: RenderPage = (context) => {
  const order = orderOf(context.params["id"] ?? "");
  if (order === undefined) return notFound(context);
  const cart = linesOf(order.items);
  const panel = h("div", {}, decidedPanel([], "When you ask, the shop's return policy plugin answers. Asking changes nothing."));
  const below = outcome();
  const stale = (): void => below.clear();
  const what = field({
    name: "item",
    label: "What comes back?",
    choices: cart.map(({ product }) => ({ value: product.sku, label: product.name })),
    oninput: () => {
      units();
      stale();
    },
  });
  const many = field({ name: "quantity", label: "How many?", choices: [], oninput: stale });
  const why = field({ name: "reason", label: "Why?", choices: REASONS, value: "TOO_LARGE", oninput: stale });
  const state = field({ name: "condition", label: "In what condition is it?", choices: CONDITIONS, value: "unopened", oninput: stale });
  const when = field({
    name: "when",
    label: "When do you ask?",
    hint: "The demo's clock: nothing has to arrive first.",
    choices: WHEN,
    value: "3",
    oninput: stale,
  });
  const units = (): void => {
    const most = cart.find(({ product }) => product.sku === what.control.value)?.quantity ?? 1;
    replace(
      many.control,
      Array.from({ length: most }, (_, index) => h("option", { value: index + 1 }, String(index + 1))),
    );
  };
  units();
  const wish = (remedy: Remedy): ReturnWish => ({
    sku: what.control.value,
    quantity: Number(many.control.value),
    reason: why.control.value,
    condition: state.control.value,
    remedy,
    daysAfterDelivery: Number(when.control.value),
  });

  const button = busyButton("submit", "button", "Ask for the return", "Asking …");
  const request = (remedy: Remedy, focus: boolean): Promise<void> => {
    const asking = wish(remedy);
    return askReturn(order, asking, context.signal).then((asked) => {
      if (context.signal.aborted) return;
      if (!asked.ok) {
        below.show(problemBox(asked.problem, ask));
        return;
      }
      replace(panel, decidedPanel([returnShown(asked.decision)]));
      const chosen = asked.decision.answer.decisions[0]?.remedy ?? remedy;
      below.show(verdict(order, asking, asked.decision, (other) => void request(other, false)));
      announce(asked.decision.answer.decisions[0]?.verdict === "approve" ? `${REMEDIES[chosen]} approved` : "The answer is there");
      if (focus) below.focus();
      else below.element.querySelector<HTMLInputElement>(`input[value="${chosen}"]`)?.focus();
    });
  };
  const ask = once(button, () => {
    below.wait("Asking …");
    return request("refund", true);
  });
  const arrived = arrival(order, 0);

  return {
    title: `Return, order ${order.id}`,
    content: h(
      "div",
      { class: "page with-panel" },
      h(
        "div",
        { class: "step-body" },
        h("p", { class: "muted" }, h("a", { href: `#/orders/${order.id}` }, `Order ${order.id}`)),
        h("h1", {}, "Return something"),
        h("p", {}, `It arrives ${day(arrived)}; the demo takes it that it has.`),
        h(
          "form",
          {
            class: "form",
            onsubmit: (event) => {
              event.preventDefault();
              ask();
            },
          },
          h("div", { class: "row two" }, what.element, many.element),
          h("div", { class: "row two" }, why.element, state.element),
          when.element,
          h("div", { class: "actions" }, h("a", { href: `#/orders/${order.id}` }, "Back to the order"), button),
        ),
        below.element,
      ),
      panel,
    ),
  };
};

function verdict(order: Order, asked: ReturnWish, decision: Decision<ReturnAnswer>, choose: (remedy: Remedy) => void): HTMLElement {
  const { answer } = decision;
  const own = answer.decisions[0];
  const label = answer.labels[0];
  if (own === undefined) return notice("warning", "The policy gave no decision.");
  if (own.verdict === "decline") {
    return h(
      "section",
      { class: "notice warning", "aria-labelledby": "return-verdict", "data-testid": "return-verdict" },
      h("h2", { id: "return-verdict" }, "It cannot come back"),
      own.reasons.map(({ message }) => h("p", {}, message)),
    );
  }
  const confirm = (): void => {
    saveOrder({ ...order, returns: [{ sku: asked.sku, quantity: asked.quantity, decision }, ...(order.returns ?? [])] });
    announce("The return is asked for.");
    go(`/orders/${order.id}`);
  };
  return h(
    "section",
    {
      class: own.verdict === "approve" ? "notice good" : "notice warning",
      "aria-labelledby": "return-verdict",
      "data-testid": "return-verdict",
    },
    h(
      "h2",
      { id: "return-verdict" },
      own.verdict === "approve" ? (own.keep ? "Approved, and you keep it" : "Approved") : "A person looks at it first",
    ),
    own.verdict === "review" && h("p", {}, "Below is what it would come to."),
    own.remedies.length > 0 &&
      radios(
        "What would you like instead?",
        "remedy",
        own.remedies.map((offer) => ({
          value: offer.remedy,
          checked: offer.remedy === own.remedy,
          label: h(
            "span",
            { class: "option" },
            h(
              "span",
              { class: "option-head" },
              h("strong", {}, REMEDIES[offer.remedy]),
              h("strong", { class: "option-price" }, money(offer.amount)),
            ),
            h(
              "span",
              { class: "option-line muted" },
              [
                offer.bonus > 0 ? `${money(offer.bonus)} bonus included` : "",
                offer.fee > 0 ? `${money(offer.fee)} fee taken off` : "",
                offer.freeLabel ? "free label" : "",
                offer.until ? `until ${farDay(offer.until)}` : "",
              ]
                .filter((part) => part !== "")
                .join(" · "),
            ),
          ),
        })),
        (remedy) => choose(remedy as Remedy),
      ),
    h(
      "dl",
      { class: "sums" },
      own.parts.map(({ kind, amount }) => [h("dt", {}, PARTS[kind] ?? kind), h("dd", {}, money(amount))]),
      answer.shippingRefund > 0 && [h("dt", {}, "Shipping given back"), h("dd", {}, money(answer.shippingRefund))],
      own.bonusCredit > 0 && [h("dt", {}, "Bonus"), h("dd", {}, money(own.bonusCredit))],
      h("dt", { class: "total" }, "You get"),
      h("dd", { class: "total", "data-testid": "refund" }, money(own.refund + own.bonusCredit + answer.shippingRefund)),
    ),
    label !== undefined &&
      h(
        "p",
        {},
        `Label to ${locationName(label.destination)}, ${label.paidBy === "shopper" ? `${money(label.fee)} taken off the refund` : label.paidBy === "merchant" ? "paid by the shop" : "free"}.`,
      ),
    own.receiveBy && h("p", {}, `It must be with us by ${farDay(own.receiveBy)}.`),
    own.until && h("p", {}, `It may be asked back until ${farDay(own.until)}.`),
    h("button", { type: "button", class: "button", onclick: confirm }, own.keep ? "Confirm" : "Confirm the return"),
  );
}
