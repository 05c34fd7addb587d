// One order's way through the storefront: product, cart, corrected address, options, order, return. At each step the page says which plugin
// decided. By mouse on a desk and on a phone, and by keyboard alone.

import assert from "node:assert/strict";
import { test } from "node:test";
import { PHONE, useChromium, visit } from "../harness/chromium.js";
import { Keyboard } from "../pages/keyboard.js";
import { Shop } from "../pages/shop.js";

useChromium();

async function walk(shop: Shop): Promise<void> {
  const { page } = shop;
  await shop.open();
  await shop.openProduct("Two-person tent");
  assert.equal((await shop.estimate.result()).source, "browser", "the product page asks nobody");
  await shop.button("Add to cart").click();
  await page.getByRole("link", { name: "Cart 1 item" }).click();
  await shop.heading("Your cart").waitFor();
  assert.match(await page.getByRole("region", { name: "Cart total" }).innerText(), /\$549\.95/);
  await shop.link("Go to checkout").click();

  // The address: Portland, misspelt, in the wrong state.
  await shop.button("Fill in an example with mistakes").click();
  await shop.button("Continue to shipping").click();
  await shop.correction.waitFor();
  assert.match(await shop.correction.innerText(), /Portland, OR 97209|Portland OR 97209/i);
  assert.match(await shop.decision("Is this address right?").innerText(), /address-validation \d/);
  await shop.useSuggestion();

  // The options: dates, prices, and a picture of the parcel with its words.
  await shop.heading("How should it come?").waitFor();
  await shop.options.first().waitFor();
  assert.ok((await shop.options.count()) >= 3);
  assert.match(await shop.decision("Which shipping options are there?").innerText(), /shipping-quote \d/);
  await page.getByRole("radio", { name: /^Ground/ }).check();
  const parcel = shop.parcels.first();
  assert.match((await parcel.getByRole("img").getAttribute("aria-label")) ?? "", /1 × Two-person tent/);
  await shop.button("Continue to payment").click();

  await shop.heading("How would you like to pay?").waitFor();
  await shop.button("Place order").click();
  await shop.heading("Thank you, your order is placed").waitFor();
  assert.match(await shop.decision("Is this order safe?").innerText(), /order-screening \d/);
  assert.match(await shop.decision("Which location ships what?").innerText(), /order-routing \d/);
  assert.match(await page.getByRole("region", { name: "What ships from where" }).innerText(), /Two-person tent/);

  await shop.link("See the order").click();
  await shop.link("Return something").click();
  await shop.heading("Return something").waitFor();
  await shop.button("Ask for the return").click();
  await page.getByRole("region", { name: /^Approved/ }).waitFor();
  assert.match(await shop.decision("May it come back?").innerText(), /return-policy \d/);
  assert.match(await page.getByTestId("refund").innerText(), /\$\d/);
  await shop.button(/^Confirm/).click();
  await shop.heading(/^Order D-/).waitFor();
  assert.match(await page.getByRole("region", { name: "Returns" }).innerText(), /Two-person tent/);
}

test("from the product to the return, on a desk", async () => {
  await visit({}, async ({ page }) => walk(new Shop(page)));
});

test("from the product to the return, on a phone", async () => {
  await visit({ viewport: PHONE, hasTouch: true, isMobile: true }, async ({ page }) => {
    await walk(new Shop(page));
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    assert.equal(wide, 0, "nothing is wider than the phone");
  });
});

test("from the product to the return, by keyboard alone", async () => {
  await visit({}, async ({ page }) => {
    const shop = new Shop(page);
    const keyboard = new Keyboard(page);
    const arrived = async (name: string | RegExp) => {
      await shop.heading(name).waitFor();
      // Whoever cannot see that the page has changed is told by the focus.
      await page.waitForFunction(() => document.activeElement?.tagName === "H1" || document.activeElement?.tagName === "BODY");
    };
    await shop.open();
    await keyboard.press(page.getByRole("link", { name: "Skip to content" }));
    await keyboard.press(shop.link("Two-person tent"));
    await arrived("Two-person tent");
    await keyboard.press(shop.button("Add to cart"));
    await keyboard.press(shop.link("Go to the cart"));
    await arrived("Your cart");
    await keyboard.press(shop.link("Go to checkout"));
    await arrived("Where should it go?");
    await keyboard.press(shop.button("Fill in an example with mistakes"));
    await keyboard.press(shop.button("Continue to shipping"));
    await shop.correction.waitFor();
    await keyboard.press(shop.correction.getByRole("button"));
    await arrived("How should it come?");
    await shop.options.first().waitFor();
    await keyboard.reach(page.getByRole("radio", { checked: true }));
    const chosen = () => page.getByRole("radio", { checked: true }).getAttribute("value");
    const before = await chosen();
    await page.keyboard.press("ArrowDown");
    assert.notEqual(await chosen(), before, "the arrows go from option to option");
    await keyboard.press(shop.button("Continue to payment"));
    await arrived("How would you like to pay?");
    await keyboard.press(shop.button("Place order"));
    await arrived(/Thank you/);
    await keyboard.press(shop.link("See the order"));
    await arrived(/^Order D-/);
    await keyboard.press(shop.link("Return something"));
    await arrived("Return something");
    await keyboard.press(shop.button("Ask for the return"));
    await page.getByRole("region", { name: /^Approved/ }).waitFor();
    await keyboard.press(shop.button(/^Confirm/));
    await arrived(/^Order D-/);
  });
});

test("an order that is placed by a double click is one order", async () => {
  await visit({}, async ({ page }) => {
    const shop = new Shop(page);
    await shop.toPayment();
    let screenings = 0;
    page.on("request", (request) => void (request.url().endsWith("/screenings") && screenings++));
    await shop.button("Place order").dblclick();
    await shop.heading(/Thank you/).waitFor();
    assert.equal(screenings, 1);
    await page.getByRole("link", { name: "Orders", exact: true }).click();
    await shop.heading("Your orders").waitFor();
    assert.equal(await page.getByRole("heading", { level: 2, name: /^Order D-/ }).count(), 1);
  });
});

test("a card that the shop has blocked is refused, and the order can still be placed with another", async () => {
  await visit({}, async ({ page }) => {
    const shop = new Shop(page);
    await shop.toPayment();
    await page.getByRole("radio", { name: /block list/ }).check();
    await shop.button("Place order").click();
    await page.getByRole("alert").filter({ hasText: "We cannot accept this payment" }).waitFor();
    await page.getByRole("radio", { name: /regular customer/ }).check();
    await shop.button("Place order").click();
    await shop.heading(/Thank you/).waitFor();
  });
});

test("when the server is away the checkout says so, and goes on where it was when the server is back", async () => {
  await visit({}, async ({ page, context, expectErrors }) => {
    expectErrors(/ERR_/);
    const shop = new Shop(page);
    await shop.open("/products/pocket-stove");
    await shop.button("Buy now").click();
    await shop.link("Go to checkout").click();
    await shop.button("Fill in an example with mistakes").click();
    await context.route("**/address-validations", (route) => route.abort("connectionrefused"));
    await shop.button("Continue to shipping").click();
    const problem = page.getByRole("alert");
    await problem.waitFor();
    await context.unroute("**/address-validations");
    await problem.getByRole("button", { name: "Try again" }).click();
    await shop.correction.waitFor();
  });
});

test("an address that lacks what it needs says which field, and how", async () => {
  await visit({}, async ({ page }) => {
    const shop = new Shop(page);
    await shop.open("/products/pocket-stove");
    await shop.button("Buy now").click();
    await shop.link("Go to checkout").click();
    await shop.button("Continue to shipping").click();
    const email = shop.field("E-mail");
    await page.waitForFunction(() => document.querySelector("[aria-invalid='true']") !== null);
    assert.equal(await email.getAttribute("aria-invalid"), "true");
    const described = await email.getAttribute("aria-describedby");
    assert.ok(described);
    const words = await page.evaluate((ids) => ids.split(" ").map((id) => document.getElementById(id)?.textContent).join(" "), described);
    assert.match(words, /e-mail address/i);
  });
});

test("a cart with a dangerous good is told which services do not carry it", async () => {
  await visit({}, async ({ page }) => {
    const shop = new Shop(page);
    await shop.open();
    await shop.button(/Add set to cart.*Weekend trip/).click();
    await page.getByRole("link", { name: /^Cart 3/ }).click();
    await shop.link("Go to checkout").click();
    await shop.button("Fill in an example with mistakes").click();
    await shop.button("Continue to shipping").click();
    await shop.useSuggestion();
    await shop.options.first().waitFor();
    assert.match(await shop.whoDecided.innerText(), /dangerous goods/, "gas may not fly, and the page says so");
    assert.equal(await page.getByRole("radio", { name: /2-Day Air/ }).count(), 0);
  });
});
