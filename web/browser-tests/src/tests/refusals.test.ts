// Wasm that may not run, questions that are nonsense, carts that are huge, money without minor units. The page keeps working.

import assert from "node:assert/strict";
import { test } from "node:test";
import { askServer } from "../harness/api.js";
import { NONSENSE, oneMug } from "../harness/carts.js";
import { useChromium, visit } from "../harness/chromium.js";
import { askAgain, consult, openLab } from "../harness/lab.js";

useChromium();

test("where the content security policy forbids wasm, the server answers", async () => {
  await visit({}, async ({ page, expectErrors }) => {
    expectErrors(/Content Security Policy|unsafe-eval/);
    await openLab(page, "default-src 'self'; script-src 'self' 'unsafe-inline'; img-src data:");
    const { source, problem, estimated, asked } = await consult(page, oneMug());
    assert.equal(source, "server");
    assert.equal(problem?.code, "WASM_BLOCKED");
    assert.deepEqual(estimated.options, []);
    assert.equal(asked.source, "server");
    assert.ok(asked.options.length > 0);
  });
});

test("the strictest policy that the package asks for is enough", async () => {
  await visit({}, async ({ page }) => {
    await openLab(page, "default-src 'none'; connect-src 'self'; script-src 'self' 'unsafe-inline' 'wasm-unsafe-eval'; worker-src 'self'; img-src data:");
    assert.equal((await consult(page, oneMug())).source, "browser");
    const worker = await consult(page, oneMug(), { worker: true });
    assert.equal(worker.asked.source, "browser");
  });
});

test("a browser without WebAssembly is answered by the server", async () => {
  await visit({}, async ({ page, context }) => {
    await context.addInitScript("delete globalThis.WebAssembly");
    await openLab(page);
    const { source, problem, asked } = await consult(page, oneMug());
    assert.equal(source, "server");
    assert.equal(problem?.code, "WASM_UNSUPPORTED");
    assert.ok(asked.options.length > 0);
  });
});

test("wasm that cannot be loaded is answered by the server", async () => {
  await visit({}, async ({ page, context, expectErrors }) => {
    expectErrors(/404|Failed to load/);
    await context.route("**/*.wasm", (route) => route.fulfill({ status: 404, body: "" }));
    await openLab(page);
    const { source, asked } = await consult(page, oneMug());
    assert.equal(source, "server");
    assert.ok(asked.options.length > 0);
  });
});

test("a postal code of any script or none is answered or refused as the server does, and throws nothing", async () => {
  await visit({}, async ({ page, expectErrors }) => {
    expectErrors(/4\d\d/);
    await openLab(page);
    await consult(page, oneMug());
    for (const country of ["US", "JP", "DE", "ZZ"]) {
      for (const postalCode of NONSENSE) {
        const at = new Date(Date.now() + 60_000).toISOString().replace(/\.\d+/, "");
        const question = { ...oneMug(), at, destination: { country, postalCode } };
        const asked = await askAgain(page, question);
        const server = await askServer(question);
        const where = `${country} ${JSON.stringify(postalCode.slice(0, 40))}`;
        if (server.status === 200) assert.deepEqual(asked.options, server.body.options, where);
        else {
          // Half of a character is no JSON for the server, and a place that does not exist for the browser.
          assert.ok(asked.problem !== undefined || postalCode === "\ud800", where);
          assert.deepEqual(asked.options, [], where);
        }
      }
    }
  });
});

test("500 lines are answered, or refused by a code, as the server does", async () => {
  await visit({}, async ({ page, expectErrors }) => {
    expectErrors(/4\d\d/);
    await openLab(page);
    await consult(page, oneMug());
    for (const count of [500, 501, 5_000]) {
      const mug = oneMug();
      const at = new Date(Date.now() + 60_000).toISOString().replace(/\.\d+/, "");
      const lines = Array.from({ length: count }, (_, index) => ({ ...mug.lines[0]!, id: String(index + 1), sku: `MUG-${index}` }));
      const question = { ...mug, at, lines };
      const asked = await askAgain(page, question);
      const server = await askServer(question);
      if (server.status === 200) assert.deepEqual(asked.options, server.body.options);
      else assert.ok(asked.problem !== undefined && asked.options.length === 0, `${count} lines: ${JSON.stringify(asked).slice(0, 200)}`);
    }
  });
});

test("a question that is no question is a problem, not an exception", async () => {
  await visit({}, async ({ page }) => {
    await openLab(page);
    await consult(page, oneMug());
    const nonsense = [{}, { lines: [] }, { destination: {}, lines: [{}] }, { ...oneMug(), lines: [{ ...oneMug().lines[0], quantity: -1 }] },
      { ...oneMug(), at: "yesterday" }, { ...oneMug(), lines: [{ ...oneMug().lines[0], weight: 1.5 }] }, { ...oneMug(), lines: [{ ...oneMug().lines[0], unitPrice: Number.MAX_SAFE_INTEGER }] }];
    for (const question of nonsense) {
      const told = await page.evaluate((question) => {
        const estimator = Reflect.get(globalThis, "estimator") as import("@cartwright/estimates").Estimator;
        return JSON.stringify(estimator.estimate(question as import("@cartwright/estimates").Question));
      }, question);
      const { problem, options } = JSON.parse(told) as { problem?: { code: string }; options: unknown[] };
      assert.ok(problem?.code, JSON.stringify(question));
      assert.deepEqual(options, []);
    }
  });
});

test("yen have no minor units: 600 is 600 yen", async () => {
  await visit({}, async ({ page }) => {
    await openLab(page);
    const question = { ...oneMug(), destination: { country: "JP", postalCode: "604-8571" } };
    const { source, estimated } = await consult(page, question, { bundle: "/v1/shops/kyoto/estimate-bundle" });
    assert.equal(source, "browser");
    assert.equal(estimated.currency, "JPY");
    const [parcel] = estimated.options;
    assert.equal(parcel?.price, 600);
    assert.equal(parcel?.untilFree, 5000 - 1600);
  });
});
