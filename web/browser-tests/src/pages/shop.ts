// The storefront as a shopper meets it: every part by its role and name, so that what a test can find a screen reader can too.

import type { Locator, Page } from "playwright-core";
import { EstimateElement } from "./estimate.js";

export class Shop {
  readonly page: Page;

  constructor(page: Page) {
    this.page = page;
  }

  heading(name: string | RegExp): Locator {
    return this.page.getByRole("heading", { level: 1, name });
  }

  button(name: string | RegExp): Locator {
    return this.page.getByRole("button", { name });
  }

  link(name: string | RegExp): Locator {
    return this.page.getByRole("main").getByRole("link", { name });
  }

  field(name: string | RegExp): Locator {
    return this.page.getByLabel(name);
  }

  /** The part of the page that says which plugin decided. */
  get whoDecided(): Locator {
    return this.page.getByRole("complementary", { name: "Who decided, and why" });
  }

  /** What the panel says about one hook. */
  decision(question: string): Locator {
    return this.whoDecided.getByRole("heading", { name: question }).locator("..");
  }

  get estimate(): EstimateElement {
    return new EstimateElement(this.page.getByRole("region", { name: "Delivery" }).locator("delivery-estimate"));
  }

  async open(path = "/"): Promise<void> {
    await this.page.goto(`/#${path}`);
    await this.page.getByRole("heading", { level: 1 }).waitFor();
  }

  async openProductDirectly(slug: string): Promise<void> {
    await this.open(`/products/${slug}`);
    await this.button("Add to cart").waitFor();
  }

  async openProduct(name: string): Promise<void> {
    await this.link(name).click();
    await this.heading(name).waitFor();
  }

  /** Everything that stands in the way of the options: a tent in the cart, an address that was corrected. */
  async toShipping(): Promise<void> {
    await this.open("/products/two-person-tent");
    await this.button("Buy now").click();
    await this.link("Go to checkout").click();
    await this.button("Fill in an example with mistakes").click();
    await this.button("Continue to shipping").click();
    await this.correction.waitFor();
    await this.useSuggestion();
    await this.heading("How should it come?").waitFor();
    await this.options.first().waitFor();
  }

  async toPayment(): Promise<void> {
    await this.toShipping();
    await this.button("Continue to payment").click();
    await this.heading("How would you like to pay?").waitFor();
  }

  async toOrder(): Promise<void> {
    await this.toPayment();
    await this.button("Place order").click();
    await this.heading(/Thank you/).waitFor();
    await this.link("See the order").click();
    await this.heading(/^Order D-/).waitFor();
  }

  async toReturn(): Promise<void> {
    await this.toOrder();
    await this.link("Return something").click();
    await this.heading("Return something").waitFor();
  }

  get correction(): Locator {
    return this.page.getByRole("region", { name: "Is this what you meant?" });
  }

  async useSuggestion(): Promise<void> {
    await this.correction.getByRole("radio", { name: /The suggested address/ }).check();
    await this.correction.getByRole("button").click();
  }

  get options(): Locator {
    return this.page.getByRole("group", { name: "Shipping options" }).getByRole("radio");
  }

  get parcels(): Locator {
    return this.page.getByRole("figure");
  }
}
