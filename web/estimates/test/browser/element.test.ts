import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { describe, test } from "node:test";
import type { DeliveryEstimate } from "../../src/element/define.js";
import { header, HOUR, keys, makeBundle, option, rfc3339 } from "../support.js";
import { ATTRIBUTES, CUT_OFF, html, NOW, open, said, shop, skip, summary } from "./page.js";

describe("the element", { skip }, () => {
  test("it says days, what is left until the cut-off, and the price", async (t) => {
    const here = await shop(t);
    here.html = html(`<delivery-estimate ${ATTRIBUTES} postal-code="97205">Two to six days.</delivery-estimate>`);
    const page = await open(t, here);
    assert.equal(await summary(page, /Get it/), "Get it Thu, Nov 26 – Sat, Nov 28 · order within 2 hr 13 min · free");
    assert.deepEqual(here.questions()[0], {
      destination: { country: "US", postalCode: "97205" },
      lines: [{ id: "1", sku: "TENT", quantity: 1, unitPrice: 54995, weight: 1470 }],
    });
    assert.equal(await said(page), "Get it Thursday, November 26 – Saturday, November 28. free. Order by 9:00 AM.");
  });

  test("what is missing until shipping is free is said beside the price", async (t) => {
    const here = await shop(t);
    here.options = () => [option({ untilFree: 1240 })];
    here.html = html(`<delivery-estimate ${ATTRIBUTES}></delivery-estimate>`);
    const page = await open(t, here);
    assert.equal(await summary(page, /Get it/), "Get it Thu, Nov 26 – Sat, Nov 28 · $8.95");
    assert.equal(await page.locator("delivery-estimate [part=note]").textContent(), "$12.40 more for free shipping");
  });

  const languages: [string, RegExp, string][] = [
    ["en-GB", /^Get it Thu,? 26 Nov – Sat,? 28 Nov · order within 2 hrs? 13 mins? · free$/, "ltr"],
    ["de", /^Lieferung Do\., 26\. – Sa\., 28\. Nov\. · bei Bestellung innerhalb von 2 Std\.,? 13 Min\. · kostenlos$/, "ltr"],
    ["fr", /^Livraison jeu\. 26 – sam\. 28 nov\. · commandez d’ici 2 h 13 min · gratuite$/, "ltr"],
    ["es", /^Recíbelo: jue, 26 – sáb, 28 nov · si pides en 2 h 13 min · gratis$|^Recíbelo: jue, 26 nov – sáb, 28 nov · si pides en 2 h 13 min · gratis$/, "ltr"],
    ["ar", /^التوصيل .*26.*28 نوفمبر · اطلب خلال .* · مجانًا$/, "rtl"],
    ["ja", /^11\/26\(木\)～11\/28\(土\)にお届け · 2 時間 ?13 分以内のご注文で · 無料$/, "ltr"],
  ];
  for (const [lang, expected, direction] of languages) {
    test(`it speaks ${lang}`, async (t) => {
      const here = await shop(t);
      here.html = html(`<delivery-estimate ${ATTRIBUTES}></delivery-estimate>`, lang);
      const page = await open(t, here);
      assert.match(await summary(page, /·/), expected);
      assert.equal(await page.locator("delivery-estimate .box").evaluate((box) => getComputedStyle(box).direction), direction);
    });
  }

  test("a page's own texts and language stand in for the package's", async (t) => {
    const here = await shop(t);
    // Set before the element's class is there.
    const script = `<script>document.querySelector("delivery-estimate").texts = { getIt: "Bezorgd {days}", orderWithin: "besteld binnen {time}", free: "gratis" }</script>`;
    here.html = html(`<delivery-estimate ${ATTRIBUTES} locale="nl"></delivery-estimate>${script}`);
    assert.match(await summary(await open(t, here), /Bezorgd/), /^Bezorgd do 26 .*nov · besteld binnen 2 uur,? 13 min\.? · gratis$/);
  });

  for (const width of [320, 1280]) {
    for (const lang of ["en", "de", "ar"]) {
      test(`nothing moves when the estimate comes: ${lang}, ${width} px wide`, async (t) => {
        const here = await shop(t);
        here.options = () => [option({ price: 8888, untilFree: 1240, orderBy: rfc3339(CUT_OFF) })];
        here.html = html(`<delivery-estimate ${ATTRIBUTES} postal-code="97205">Two to six days.</delivery-estimate>`, lang);
        const page = await open(t, here, { viewport: { width, height: 800 }, late: true });
        await summary(page, /·/);
        const shift = await page.evaluate(
          () =>
            new Promise<number>((resolve) => {
              const shifts: PerformanceEntry[] = [];
              const observer = new PerformanceObserver((list) => shifts.push(...list.getEntries()));
              observer.observe({ type: "layout-shift", buffered: true });
              // Two frames: what moved has been noted.
              requestAnimationFrame(() =>
                requestAnimationFrame(() => {
                  shifts.push(...observer.takeRecords());
                  resolve(shifts.reduce((sum, entry) => sum + (entry as unknown as { value: number }).value, 0));
                }),
              );
            }),
        );
        assert.equal(shift, 0);
      });
    }
  }

  test("with the keyboard alone: open, leave, enter a code, and hear what comes of it", async (t) => {
    const here = await shop(t);
    here.html = html(`<delivery-estimate ${ATTRIBUTES}></delivery-estimate>`);
    const page = await open(t, here);
    await summary(page, /Get it/);
    const focused = () => page.evaluate(() => document.querySelector("delivery-estimate")?.shadowRoot?.activeElement?.getAttribute("part"));
    await page.keyboard.press("Tab");
    assert.equal(await focused(), "button change");
    await page.keyboard.press("Enter");
    assert.equal(await focused(), "input");
    await page.keyboard.press("Escape");
    assert.equal(await focused(), "button change");
    await page.keyboard.press("Enter");
    await page.keyboard.press("Enter");
    assert.equal(await focused(), "input");
    assert.equal(await page.locator("delivery-estimate [part=input]").getAttribute("aria-invalid"), "true");
    assert.equal(await page.locator("delivery-estimate [part=input]").getAttribute("aria-describedby"), "wrong");
    here.options = () => [option({ earliest: "2026-11-30", latest: "2026-11-30" })];
    await page.keyboard.type("９７２０５");
    await page.keyboard.press("Enter");
    assert.equal(await summary(page, /30/), "Get it Mon, Nov 30 · $8.95");
    assert.equal(await focused(), "button change");
    assert.equal(here.questions().at(-1)?.destination.postalCode, "97205");
    assert.match(await said(page), /Monday, November 30/);
    assert.equal(await page.locator("delivery-estimate .said").getAttribute("aria-live"), "polite");
  });

  test("a postal code is only kept where the shopper wanted it, and forgotten when they no longer do", async (t) => {
    const here = await shop(t);
    here.html = html(`<delivery-estimate ${ATTRIBUTES} remember></delivery-estimate>`);
    const page = await open(t, here);
    const enter = async (code: string, keep: boolean) => {
      await page.locator("delivery-estimate [part~=change]").click();
      await page.locator("delivery-estimate [part=input]").fill(code);
      await page.locator("delivery-estimate [part=checkbox]").setChecked(keep);
      await page.locator("delivery-estimate [part~=submit]").click();
    };
    const kept = () => page.evaluate(() => Object.values(localStorage));
    await summary(page, /Get it/);
    await enter("97205", false);
    assert.deepEqual(await kept(), []);
    await enter("97205", true);
    assert.deepEqual(await kept(), ['{"US":"97205"}']);
    await page.reload();
    await summary(page, /Get it/);
    await page.getByText("To 97205").waitFor();
    assert.equal(here.questions().at(-1)?.destination.postalCode, "97205");
    await enter("10001", false);
    assert.deepEqual(await kept(), []);
  });

  test("without the attribute nothing is kept, and nothing offers it", async (t) => {
    const here = await shop(t);
    here.html = html(`<delivery-estimate ${ATTRIBUTES}></delivery-estimate>`);
    const page = await open(t, here);
    await page.locator("delivery-estimate [part~=change]").click();
    assert.equal(await page.locator("delivery-estimate [part=checkbox]").isVisible(), false);
    await page.locator("delivery-estimate [part=input]").fill("97205");
    await page.keyboard.press("Enter");
    await page.getByText("To 97205").waitFor();
    assert.equal(await page.evaluate(() => localStorage.length + document.cookie.length), 0);
  });

  test("it ticks for the eye and is silent for the ear; a cut-off that passes brings new days", async (t) => {
    const here = await shop(t);
    here.html = html(`<delivery-estimate ${ATTRIBUTES}></delivery-estimate>`);
    const page = await open(t, here);
    await summary(page, /2 hr 13 min/);
    await page.locator("delivery-estimate .said").evaluate((element) => {
      const count = window as unknown as { changes: number };
      count.changes = 0;
      new MutationObserver(() => (count.changes += 1)).observe(element, { childList: true, characterData: true, subtree: true });
    });
    await page.clock.fastForward(60_000);
    await summary(page, /2 hr 12 min/);
    assert.equal(await page.evaluate(() => (window as unknown as { changes: number }).changes), 0);
    // The tab sleeps over the cut-off.
    here.now = CUT_OFF + 60_000;
    here.options = () => [option({ earliest: "2026-11-27", latest: "2026-11-30", orderBy: rfc3339(CUT_OFF + 24 * HOUR) })];
    await page.clock.fastForward(CUT_OFF - NOW);
    assert.match(await summary(page, /Nov 27/), /^Get it Fri, Nov 27 – Mon, Nov 30 · order within 23 hr \d+ min · \$8\.95$/);
  });

  test("many elements of one shop read its bundle once", async (t) => {
    const here = await shop(t);
    here.html = html(Array.from({ length: 12 }, (_, index) => `<delivery-estimate ${ATTRIBUTES} quantity="${index + 1}"></delivery-estimate>`).join(""));
    const page = await open(t, here);
    await page.waitForFunction(() => [...document.querySelectorAll("delivery-estimate")].every((one) => one.result?.options.length));
    assert.equal(here.http.seen.filter(({ path }) => path.endsWith("/estimate-bundle")).length, 1);
  });

  test("a postal code that is entered into one element is taken by the others of its country, and gives way to the page's", async (t) => {
    const here = await shop(t);
    const other = ATTRIBUTES.replace('"US"', '"CA"');
    here.html = html(`<delivery-estimate ${ATTRIBUTES}></delivery-estimate><delivery-estimate ${ATTRIBUTES} sku="B"></delivery-estimate><delivery-estimate ${other}></delivery-estimate>`);
    const page = await open(t, here);
    await page.locator("delivery-estimate [part~=change]").first().click();
    await page.keyboard.type("97205");
    await page.keyboard.press("Enter");
    const places = () => page.locator("delivery-estimate [part=to]").allTextContents();
    await page.locator("delivery-estimate").nth(1).getByText("To 97205").waitFor();
    assert.deepEqual(await places(), ["To 97205", "To 97205", "To Canada"]);
    await page.locator("delivery-estimate").first().evaluate((element) => element.setAttribute("postal-code", "10001"));
    await page.getByText("To 10001").waitFor();
    assert.deepEqual(await places(), ["To 10001", "To 97205", "To Canada"]);
  });

  test("an element that is moved in the page keeps what it shows", async (t) => {
    const here = await shop(t);
    here.html = html(`<delivery-estimate ${ATTRIBUTES}>Two to six days.</delivery-estimate>`);
    const page = await open(t, here);
    await summary(page, /Get it/);
    const seen = await page.locator("delivery-estimate").evaluate((element) => {
      document.body.append(element);
      return element.shadowRoot?.querySelector(".line")?.textContent;
    });
    assert.match(seen ?? "", /^Get it/);
    await summary(page, /Get it/);
    assert.equal(here.http.seen.filter(({ path }) => path.endsWith("/estimate-bundle")).length, 1);
  });

  test("several lines are asked by the property", async (t) => {
    const here = await shop(t);
    here.html = html(`<delivery-estimate ${ATTRIBUTES} postal-code="1"></delivery-estimate>`);
    const page = await open(t, here);
    const lines = ["A", "B"].map((sku) => ({ id: sku, sku, quantity: 1, unitPrice: 5, weight: 5 }));
    const answered = page.locator("delivery-estimate").evaluate(
      (found, question) =>
        new Promise((resolve) => {
          const element = found as DeliveryEstimate;
          element.addEventListener("estimate", () => element.question && resolve(true));
          element.question = question;
        }),
      { destination: { country: "CA", postalCode: "k1a 0b1" }, lines },
    );
    await answered;
    assert.deepEqual(here.questions().at(-1), { destination: { country: "CA", postalCode: "K1A 0B1" }, lines });
  });

  const silent: [string, string][] = [
    ["with a price that is none", ATTRIBUTES.replace("54995", "549.95")],
    ["without a country", ATTRIBUTES.replace("US", "")],
    ["with a key that is none", `${ATTRIBUTES} key="abc"`],
    ["with an address that is none", ATTRIBUTES.replace("/v1", "http://:")],
    ["without a bundle and a server", ATTRIBUTES.replace("/v1", "http://127.0.0.1:9")],
  ];
  for (const [name, attributes] of silent) {
    test(`${name} the page's own words stay`, async (t) => {
      const here = await shop(t);
      here.html = html(`<delivery-estimate ${attributes}>Two to six days.</delivery-estimate>`);
      const page = await open(t, here);
      await page.waitForFunction(() => document.querySelector("delivery-estimate")?.result?.problem);
      assert.equal(await page.getByText("Two to six days.").isVisible(), true);
      assert.equal(here.questions().length, 0);
    });
  }

  test("where there is no delivery it says so", async (t) => {
    const here = await shop(t);
    here.options = () => [];
    here.html = html(`<delivery-estimate ${ATTRIBUTES} postal-code="無意味"></delivery-estimate>`);
    assert.equal(await summary(await open(t, here), /./), "No delivery to this place. Please check the postal code.");
  });

  test("a CSP that forbids wasm leaves the server, and the result says why", async (t) => {
    const here = await shop(t);
    here.headers = { "content-security-policy": "default-src 'self'; style-src 'unsafe-inline'" };
    const pair = keys();
    here.bundle = makeBundle(pair, header(NOW));
    here.html = html(`<delivery-estimate ${ATTRIBUTES} key="${pair.text}"></delivery-estimate>`);
    const page = await open(t, here);
    await summary(page, /Get it/);
    const result = await page.locator("delivery-estimate").evaluate((element) => (element as DeliveryEstimate).result);
    assert.deepEqual([result?.source, result?.problem?.code], ["server", "WASM_BLOCKED"]);
  });

  test("without a network the browser's copy of the bundle is read, and the clock is the device's", async (t) => {
    const here = await shop(t);
    here.html = html("");
    const page = await open(t, here);
    const create = () =>
      page.evaluate(async () => {
        const address = "/estimates/index.js";
        const { createEstimator } = (await import(address)) as typeof import("../../src/index.js");
        const { problem, clock, provenance } = await createEstimator({ bundle: "/v1/shops/demo/estimate-bundle" });
        return [problem?.code, clock, provenance?.shop];
      });
    assert.deepEqual(await create(), ["NOT_DESCRIBED", "server", "demo"]);
    await page.context().setOffline(true);
    assert.deepEqual(await create(), ["NOT_DESCRIBED", "device", "demo"]);
  });

  test("in worker mode the wasm is in the worker, and what it says comes through", async (t) => {
    const here = await shop(t);
    const pair = keys();
    // One byte is no payload: the wasm that says so is the worker's.
    here.bundle = makeBundle(pair, header(NOW), Uint8Array.of(1));
    here.html = html("");
    const page = await open(t, here);
    const problem = await page.evaluate(async (key) => {
      const address = "/estimates/index.js";
      const { createEstimator } = (await import(address)) as typeof import("../../src/index.js");
      return (await createEstimator({ bundle: "/v1/shops/demo/estimate-bundle", key, worker: true })).problem;
    }, pair.text);
    assert.equal(problem?.code, "BUNDLE_CUT");
    assert.ok(here.http.seen.some(({ path }) => path === "/estimates/worker.js"));
  });

  test("where no worker may be started the engine is in the page", async (t) => {
    const here = await shop(t);
    const pair = keys();
    here.headers = { "content-security-policy": "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'none'; style-src 'unsafe-inline'" };
    here.bundle = makeBundle(pair, header(NOW), Uint8Array.of(1));
    here.html = html(`<delivery-estimate ${ATTRIBUTES} key="${pair.text}"></delivery-estimate>`);
    const page = await open(t, here);
    await summary(page, /Get it/);
    const problem = await page.evaluate(async (key) => {
      const address = "/estimates/index.js";
      const { createEstimator } = (await import(address)) as typeof import("../../src/index.js");
      return (await createEstimator({ bundle: "/v1/shops/demo/estimate-bundle", key, worker: true })).problem;
    }, pair.text);
    assert.equal(problem?.code, "BUNDLE_CUT");
    assert.ok(!here.http.seen.some(({ path }) => path === "/estimates/worker.js"));
  });

  for (const colorScheme of ["light", "dark"] as const) {
    test(`axe finds nothing wrong, closed and open, ${colorScheme}`, async (t) => {
      const here = await shop(t);
      here.options = () => [option({ untilFree: 1240, orderBy: rfc3339(CUT_OFF) })];
      here.html = html(`<delivery-estimate ${ATTRIBUTES} remember></delivery-estimate>`);
      const page = await open(t, here, { colorScheme });
      await summary(page, /Get it/);
      await page.addScriptTag({ content: await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8") });
      await page.clock.resume();
      const violations = () =>
        page.evaluate(async () => {
          const { axe } = window as unknown as { axe: { run(): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> } };
          return (await axe.run()).violations.map(({ id, nodes }) => [id, nodes.map((node) => node.html)]);
        });
      assert.deepEqual(await violations(), []);
      await page.locator("delivery-estimate [part~=change]").click();
      await page.locator("delivery-estimate [part~=submit]").click();
      assert.deepEqual(await violations(), []);
    });
  }
});
