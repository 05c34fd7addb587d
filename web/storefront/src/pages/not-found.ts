// An address that means nothing here.

import { h } from "../dom.ts";
import type { Page, PageContext } from "./page.ts";

export function notFound(_context: PageContext): Page {
  return {
    title: "Not found",
    content: h(
      "div",
      { class: "page narrow" },
      h("h1", {}, "There is nothing here"),
      h("p", {}, "The link is old, or the order was placed in another tab: this shop keeps orders in the tab they were placed in."),
      h("p", {}, h("a", { class: "button", href: "#/" }, "See the products")),
    ),
  };
}
