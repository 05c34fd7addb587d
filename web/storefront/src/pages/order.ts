// One order: its state, its goods, what ships from where, and a way back.

import { linesOf, subtotal, total, type CartLine } from "../cart.ts";
import { bySku, locationName } from "../catalogue.ts";
import { h, replace, type Child } from "../dom.ts";
import { day, days, farDay, moment, money, price } from "../format.ts";
import { isHeld, isPickUp, route, statusOf } from "../orders.ts";
import { packedParcel } from "../parcel/picture.ts";
import { picture } from "../pictures.ts";
import { oneLine } from "../places.ts";
import { get, orderOf, saveOrder, type Order, type ReturnAsked } from "../store.ts";
import { decidedPanel } from "../ui/decided.ts";
import { announce, busyButton, once, problemBox } from "../ui/feedback.ts";
import { returnShown, routingShown, screeningShown, shipments } from "../ui/verdicts.ts";
import { notFound } from "./not-found.ts";
import type { RenderPage } from "./page.ts";

export const order: RenderPage = (context) => {
  const shown = orderOf(context.params["id"] ?? "");
  if (shown === undefined) return notFound(context);
  const returns = shown.returns ?? [];
  return {
    title: `Order ${shown.id}`,
    content: h(
      "div",
      { class: "page with-panel" },
      h(
        "div",
        { class: "step-body" },
        h("h1", {}, `Order ${shown.id}`),
        h("p", {}, h("span", { class: "tag", "data-testid": "status" }, statusOf(shown)), ` Placed ${moment(shown.placed)}`),
        routingSection(shown, context.signal),
        returns.length > 0 && section("returns", "Returns", h("ul", { class: "shipments" }, returns.map(returned))),
        section("goods", "Goods", ...goods(shown)),
        section("delivery", "Delivery", ...delivery(shown)),
        h(
          "div",
          { class: "actions" },
          h("a", { href: "#/orders" }, "All orders"),
          !isHeld(shown) && h("a", { class: "button", href: `#/orders/${shown.id}/return` }, "Return something"),
        ),
      ),
      decidedPanel([
        ...returns.slice(0, 1).map(({ decision }) => returnShown(decision)),
        ...(shown.routing === undefined ? [] : [routingShown(shown.routing)]),
        screeningShown(shown.screening),
      ]),
    ),
  };
};

function section(id: string, heading: string, ...content: Child[]): HTMLElement {
  return h("section", { "aria-labelledby": id }, h("h2", { id }, heading), ...content);
}

/** What comes of a return that was asked for. */
function returned({ sku, quantity, decision }: ReturnAsked): HTMLElement {
  const own = decision.answer.decisions[0];
  const label = decision.answer.labels[0];
  const outcome =
    own?.verdict === "review" ? "A person looks at it and writes to you." : `${money(own?.refund ?? 0)} comes back${own?.keep ? "; you keep it" : ""}.`;
  return h(
    "li",
    { class: "shipment" },
    h("h3", {}, `${quantity} × ${bySku(sku)?.name ?? sku}`),
    h("p", {}, outcome),
    label !== undefined &&
      h("p", { class: "muted" }, `Send it to ${locationName(label.destination)}${own?.receiveBy ? ` by ${farDay(own.receiveBy)}` : ""}.`),
  );
}

function goods({ items, chosen: { quote } }: Order): HTMLElement[] {
  const row = ({ product, quantity }: CartLine): HTMLElement =>
    h(
      "li",
      { class: "cart-line" },
      picture(product.slug, "thumb"),
      h("div", { class: "cart-text" }, h("h3", {}, product.name), h("p", { class: "muted" }, `${quantity} × ${money(product.price)}`)),
      h("p", { class: "price" }, money(product.price * quantity)),
    );
  const sums: [name: string, sum: string][] = [
    ["Goods", money(subtotal(items))],
    [quote.name, price(quote.price)],
  ];
  return [
    h("ul", { class: "cart-lines order-lines" }, linesOf(items).map(row)),
    h(
      "dl",
      { class: "sums" },
      sums.map(([name, sum]) => [h("dt", {}, name), h("dd", {}, sum)]),
      h("dt", { class: "total" }, "Total"),
      h("dd", { class: "total" }, money(total(items, quote.price))),
    ),
  ];
}

function delivery({ address, items, chosen: { quote, parcels } }: Order): Child[] {
  const names = linesOf(items).map(({ product }) => product.name);
  return [
    h("p", {}, oneLine(address)),
    quote.promise && h("p", {}, `Promised for ${days(quote.promise.earliest, quote.promise.latest)}.`),
    parcels.map((parcel, index) => packedParcel(parcel, index + 1, parcels.length, names, locationName(parcel.location))),
  ];
}

/** What ships from where; or why nothing does yet, with the button that changes it. Draws the page anew when it has changed. */
export function routingSection(shown: Order, signal: AbortSignal): HTMLElement {
  const place = h("div", {});
  const asking = (label: string, busy: string, ask: () => Promise<Order | undefined>): HTMLElement => {
    const button = busyButton("button", "button quiet", label, busy);
    button.addEventListener(
      "click",
      once(button, async () => {
        const changed = await ask();
        if (changed === undefined || signal.aborted) return;
        saveOrder(changed);
        announce(statusOf(changed));
        dispatchEvent(new HashChangeEvent("hashchange"));
      }),
    );
    return button;
  };
  const routed = async (from: Order): Promise<Order | undefined> => {
    const outcome = await route(from, signal);
    if (outcome.ok) return outcome.order;
    replace(place, problemBox(outcome.problem));
    return undefined;
  };
  const list = shipments(shown);
  return h(
    "section",
    { "aria-labelledby": "shipping" },
    h("h2", { id: "shipping" }, isPickUp(shown) ? "Pick-up" : "What ships from where"),
    isHeld(shown)
      ? [
          h("p", {}, "Nothing is sent before a person has looked at the order."),
          h(
            "p",
            { class: "demo-hint" },
            "In the demo you are the shop's staff, too: ",
            asking("Release the order", "Releasing …", () => routed({ ...shown, released: true })),
          ),
        ]
      : isPickUp(shown)
        ? h(
            "p",
            {},
            `${shown.chosen.quote.name}${shown.chosen.quote.promise ? `: ready ${day(shown.chosen.quote.promise.earliest)}` : ""}.`,
          )
        : (list ?? [
            h("p", {}, "It is accepted, but it could not be asked which location ships it."),
            asking("Ask again", "Asking …", () => routed(shown)),
          ]),
    place,
  );
}

/** All orders of this tab. */
export const orders: RenderPage = () => ({
  title: "Orders",
  content: h(
    "div",
    { class: "page narrow" },
    h("h1", {}, "Your orders"),
    get().orders.length === 0
      ? h("p", {}, "None in this tab yet. ", h("a", { href: "#/" }, "See the products"))
      : h(
          "ul",
          { class: "shipments" },
          get().orders.map((each) =>
            h(
              "li",
              { class: "shipment" },
              h("h2", {}, h("a", { href: `#/orders/${each.id}` }, `Order ${each.id}`)),
              h(
                "p",
                {},
                linesOf(each.items)
                  .map(({ product, quantity }) => `${quantity} × ${product.name}`)
                  .join(", "),
              ),
              h("p", { class: "muted" }, `${statusOf(each)} · ${moment(each.placed)}`),
            ),
          ),
        ),
  ),
});
