// `<delivery-estimate>` on a page of plain HTML with one script tag: what it shows, what it says to those who listen, what it does when there
// is no network, no wasm, no bundle, or somebody else's, and that it moves nothing while it does.

import assert from "node:assert/strict";
import { test } from "node:test";
import type { Page } from "playwright-core";
import { askServer } from "../harness/api.js";
import { PHONE, useChromium, visit, type VisitOptions } from "../harness/chromium.js";
import { replaceBundle } from "../harness/lab.js";
import { EstimateElement } from "../pages/estimate.js";

useChromium();

const EXAMPLE = "/examples/product-page.html";

async function open(page: Page): Promise<EstimateElement> {
  await page.goto(EXAMPLE);
  return new EstimateElement(page.locator("delivery-estimate").first());
}

/** A page of our own with one element, at the site's address. */
async function openPage(page: Page, element: string, attributes = 'lang="en"'): Promise<EstimateElement> {
  const html = `<!doctype html><html ${attributes}><meta charset="utf-8"><meta name="viewport" content="width=device-width">
    <link rel="icon" href="data:,"><title>A product</title>
    <style>
      /* As the package's README asks: the element's room before its script is there. */
      delivery-estimate { display: block; min-height: 5.75em; }
      @media (max-width: 40em) { delivery-estimate { min-height: 8.75em; } }
    </style>
    <script type="module" src="/estimates/delivery-estimate.js"></script>
    <main><h1>A product</h1>${element}<p id="below">What stands below must not move.</p></main></html>`;
  await page.route("**/test-page.html", (route) => route.fulfill({ contentType: "text/html", body: html }));
  await page.goto("/test-page.html");
  return new EstimateElement(page.locator("delivery-estimate").first());
}

const MUG = 'bundle="/v1/shops/demo/estimate-bundle" country="US" postal-code="97209" sku="MUG" price="1600" weight="270" length="115" width="90" height="75"';
const mug = (more = "", inside = "") => `<delivery-estimate ${MUG} ${more}>${inside}</delivery-estimate>`;

test("the example of the documentation, one script tag and one element, shows an estimate", async () => {
  await visit({}, async ({ page }) => {
    const estimate = await open(page);
    const { source, options } = await estimate.result("browser");
    assert.equal(source, "browser");
    assert.ok(options.length > 0);
    assert.match(await estimate.shown(), /^Get it .*\d/);
    assert.equal(await page.locator("script").count(), 1);
    assert.equal(await page.locator("delivery-estimate").count(), 1);
  });
});

test("it shows days, the time that is left, and the price; and says the same in words", async () => {
  await visit({}, async ({ page }) => {
    const estimate = await openPage(page, mug('locale="en-US"'));
    const result = await estimate.result("browser");
    const option = result.options.find(({ method, earliest }) => method === "ship" && earliest !== undefined);
    assert.ok(option?.earliest !== undefined && option.orderWithin !== undefined);
    const shown = await estimate.shown();
    const day = new Intl.DateTimeFormat("en-US", { day: "numeric", timeZone: "UTC" }).format(Date.parse(option.earliest));
    assert.match(shown, new RegExp(`Get it .*\\b${day}\\b.* · order within .* · (free|\\$\\d+\\.\\d\\d)`));
    assert.match(await estimate.part("price"), new RegExp(`\\$${(option.price / 100).toFixed(2).replace(".", "\\.")}`));
    assert.match(await estimate.said(), /^Get it .*\..*Order by/s);
    const missing = result.freeShipping?.missing ?? 0;
    assert.ok(missing > 0, "the mug alone is not free");
    assert.match(await estimate.part("note"), new RegExp(`\\$${(missing / 100).toFixed(2)} more for free shipping`));
  });
});

test("it answers another postal code offline, after the page has loaded", async () => {
  await visit({}, async ({ page, context }) => {
    const estimate = await openPage(page, mug());
    await estimate.result("browser");
    await context.setOffline(true);
    const result = await estimate.sendTo("10001");
    assert.equal(result.source, "browser");
    await context.setOffline(false);
    const { body } = await askServer({
      at: result.at,
      destination: { country: "US", postalCode: "10001" },
      lines: [{ id: "1", sku: "MUG", quantity: 1, unitPrice: 1600, weight: 270, size: { length: 115, width: 90, height: 75 } }],
    });
    assert.deepEqual(result.options, body.options);
  });
});

for (const [name, options] of Object.entries({ desk: {}, phone: { viewport: PHONE } } satisfies Record<string, VisitOptions>)) {
  test(`nothing moves when the estimate comes, when it changes, and when its form opens: ${name}`, async () => {
    await visit(options, async ({ page, layoutShift }) => {
      const estimate = await openPage(page, mug("remember", "Delivery in about a week."));
      const top = () => page.locator("#below").evaluate((below) => below.getBoundingClientRect().top);
      const before = await top();
      await estimate.result("browser");
      assert.equal(await top(), before);
      await estimate.element.evaluate((element) => element.setAttribute("postal-code", "96813"));
      await page.waitForFunction(() => {
        const element = document.querySelector("delivery-estimate") as HTMLElement & { shadowRoot: ShadowRoot };
        return element.shadowRoot.textContent?.includes("96813");
      });
      assert.equal(await top(), before);
      assert.equal(await layoutShift(), 0);
    });
  });
}

test("until the script is there the page's own words stand in its place", async () => {
  await visit({ javaScriptEnabled: false, steady: false }, async ({ page }) => {
    await openPage(page, mug("", "Delivery in about a week."));
    assert.match(await page.locator("main").innerText(), /Delivery in about a week\./);
  });
});

test("without any network for its bundle it keeps the page's own words", async () => {
  await visit({}, async ({ page, context, expectErrors }) => {
    expectErrors(/ERR_/);
    await context.route("**/v1/**", (route) => route.abort("internetdisconnected"));
    const estimate = await openPage(page, mug("", "Delivery in about a week."));
    assert.equal((await estimate.result("none")).source, "none");
    assert.match(await page.locator("main").innerText(), /Delivery in about a week\./);
  });
});

test("with a tampered bundle it shows what the server answers", async () => {
  await visit({}, async ({ page, context }) => {
    await replaceBundle(context, (bundle) => {
      const changed = Buffer.from(bundle);
      changed.writeUInt8(changed.readUInt8(bundle.length - 90) ^ 4, bundle.length - 90);
      return { body: changed };
    });
    const estimate = await openPage(page, mug());
    const { problem } = await estimate.result("server");
    assert.equal(problem?.code, "BAD_SIGNATURE");
    assert.match(await estimate.shown(), /^Get it /);
  });
});

test("nonsense in its postal code, from any keyboard, is no exception and no promise of a place that is none", async () => {
  await visit({}, async ({ page, expectErrors }) => {
    expectErrors(/4\d\d/);
    const estimate = await openPage(page, mug());
    await estimate.result("browser");
    for (const typed of ["東京都", "１２３", "؟؟؟", "🏔️", "<img src=x onerror=alert(1)>", "-", "9".repeat(200), "'; DROP TABLE"]) {
      const { options, source } = await estimate.sendTo(typed);
      const shown = await estimate.shown();
      assert.ok(source !== "none" || options.length === 0);
      assert.ok(shown.length > 0, `something is said about ${typed}`);
      assert.equal(await page.locator("delivery-estimate img").count(), 0);
    }
    assert.equal((await estimate.sendTo("٩٧٢٠٩")).options.length > 0, true, "Arabic digits are digits");
  });
});

test("a postal code is remembered with consent, and never without", async () => {
  await visit({}, async ({ page, context }) => {
    const kept = () => page.evaluate(() => JSON.stringify({ ...localStorage }));
    const attributes = MUG.replace('postal-code="97209"', "");
    const open = () => openPage(page, `<delivery-estimate ${attributes} remember></delivery-estimate>`);
    const estimate = await open();
    await estimate.result();
    await estimate.sendTo("10001");
    assert.doesNotMatch(await kept(), /10001/, "nobody has agreed");
    await estimate.element.getByRole("button", { name: /postal code/i }).click();
    await estimate.element.getByRole("checkbox", { name: "Remember it on this device" }).check();
    await estimate.element.getByRole("button", { name: "Show dates" }).click();
    assert.match(await kept(), /10001/);
    assert.deepEqual(await context.cookies(), []);
    await page.unrouteAll();
    const again = await open();
    await again.result("browser");
    assert.match(await again.element.locator("[part=destination]").innerText(), /10001/);
  });
});

test("it works by keyboard alone, and gives the focus back", async () => {
  await visit({}, async ({ page }) => {
    const estimate = await openPage(page, mug());
    await estimate.result("browser");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    await page.keyboard.type("10001");
    const answer = await estimate.nextAnswer();
    await page.keyboard.press("Enter");
    await answer();
    assert.match(await estimate.element.locator("[part=destination]").innerText(), /10001/);
    const focused = () => estimate.element.evaluate((element) => element.shadowRoot?.activeElement?.tagName);
    assert.equal(await focused(), "BUTTON");
    await page.keyboard.press("Enter");
    assert.equal(await focused(), "INPUT");
    await page.keyboard.press("Escape");
    assert.equal(await focused(), "BUTTON");
  });
});

test("it speaks the page's language, from right to left where that is how one reads", async () => {
  await visit({}, async ({ page }) => {
    const estimate = await openPage(page, mug(), 'lang="ar" dir="rtl"');
    await estimate.result("browser");
    assert.equal(await estimate.element.locator("[part=box]").getAttribute("dir"), "rtl");
    assert.match(await estimate.shown(), /[\u0600-\u06ff]/);
  });
});

test("yen are shown without a point", async () => {
  await visit({}, async ({ page }) => {
    const yen = MUG.replace("/demo/", "/kyoto/").replace('"US"', '"JP"').replace("97209", "604-8571");
    const estimate = await openPage(page, `<delivery-estimate ${yen} locale="ja-JP"></delivery-estimate>`);
    await estimate.result("browser");
    assert.match(await estimate.part("price"), /^[¥￥]600$/);
    assert.match(await estimate.part("note"), /3,400/);
  });
});

test("while the tab sleeps over the cut-off nothing old stays on the page", async () => {
  await visit({ steady: false }, async ({ page, context }) => {
    let slept = 0;
    await replaceBundle(context, () => ({ headers: { date: new Date(Date.now() + slept).toUTCString() } }));
    await page.clock.install();
    const estimate = await openPage(page, mug());
    const before = await estimate.result("browser");
    const option = before.options.find(({ method, earliest }) => method === "ship" && earliest !== undefined);
    assert.ok(option?.orderBy !== undefined);
    const shown = await estimate.shown();
    slept = Date.parse(option.orderBy) - Date.now() + 30_000;
    await page.clock.fastForward(slept);
    await page.waitForFunction((cutOff) => {
      const { result } = document.querySelector("delivery-estimate") as HTMLElement & { result?: { at: string } };
      return result !== undefined && Date.parse(result.at) >= Date.parse(cutOff);
    }, option.orderBy);
    assert.notEqual(await estimate.shown(), shown);
  });
});

test("many elements of one shop read its bundle once", async () => {
  await visit({}, async ({ page }) => {
    let bundles = 0;
    page.on("request", (request) => void (request.url().endsWith("/estimate-bundle") && bundles++));
    await openPage(page, Array.from({ length: 12 }, () => mug()).join(""));
    for (let index = 0; index < 12; index++) {
      await new EstimateElement(page.locator("delivery-estimate").nth(index)).result("browser");
    }
    assert.equal(bundles, 1);
  });
});
