// No page of the storefront, and no state that a shopper meets on the way, has a violation that axe-core knows: dark and light, phone and desk.

import { test } from "node:test";
import { mustBeAccessible } from "../harness/axe.js";
import { DESK, PHONE, useChromium, visit } from "../harness/chromium.js";
import { EstimateElement } from "../pages/estimate.js";
import { Shop } from "../pages/shop.js";

useChromium();

const SCHEMES = ["light", "dark"] as const;
const WINDOWS = { desk: DESK, phone: PHONE };

for (const colorScheme of SCHEMES) {
  for (const [name, viewport] of Object.entries(WINDOWS)) {
    const where = `${colorScheme}, ${name}`;

    test(`the shop, ${where}`, async () => {
      await visit({ colorScheme, viewport, reducedMotion: "reduce" }, async ({ page }) => {
        const shop = new Shop(page);
        const check = (state: string) => mustBeAccessible(page, `${state}, ${where}`);
        await shop.open();
        await check("products");
        await shop.open("/cart");
        await check("an empty cart");
        await shop.open("/no-such-page");
        await check("a page that is not there");
        await shop.openProductDirectly("two-person-tent");
        await shop.estimate.result();
        await check("a product");
        await shop.button("Buy now").click();
        await shop.heading("Your cart").waitFor();
        await shop.estimate.result();
        await check("the cart");
        await shop.link("Go to checkout").click();
        await shop.heading("Where should it go?").waitFor();
        await check("the address");
        await shop.button("Continue to shipping").click();
        await page.locator("[aria-invalid='true']").first().waitFor();
        await check("the address with errors");
        await shop.button("Fill in an example with mistakes").click();
        await shop.button("Continue to shipping").click();
        await shop.correction.waitFor();
        await check("the address with a correction");
        await shop.useSuggestion();
        await shop.options.first().waitFor();
        await check("the shipping options");
        await shop.button("Continue to payment").click();
        await shop.heading("How would you like to pay?").waitFor();
        await check("the payment");
        await page.getByRole("radio", { name: /block list/ }).check();
        await shop.button("Place order").click();
        await page.getByRole("alert").waitFor();
        await check("a payment that was refused");
        await page.getByRole("radio", { name: /regular customer/ }).check();
        await shop.button("Place order").click();
        await shop.heading(/Thank you/).waitFor();
        await check("the order placed");
        await shop.link("See the order").click();
        await shop.heading(/^Order D-/).waitFor();
        await check("the order");
        await shop.link("Return something").click();
        await shop.heading("Return something").waitFor();
        await shop.button("Ask for the return").click();
        await page.getByRole("region", { name: /^Approved/ }).waitFor();
        await check("the return");
        await shop.button(/^Confirm/).click();
        await page.getByRole("link", { name: "Orders", exact: true }).click();
        await shop.heading("Your orders").waitFor();
        await check("all orders");
      });
    });

    test(`the page of plain HTML, ${where}`, async () => {
      await visit({ colorScheme, viewport, reducedMotion: "reduce" }, async ({ page }) => {
        await page.goto("/examples/product-page.html");
        await new EstimateElement(page.locator("delivery-estimate").first()).result();
        await mustBeAccessible(page, `the plain page, ${where}`);
      });
    });
  }
}
