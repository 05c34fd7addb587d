// The accessibility scan: axe-core with all rules of WCAG 2.2 A and AA and its best practices.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { AxeResults, RunOptions } from "axe-core";
import type { Page } from "playwright-core";

const SOURCE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const RULES: RunOptions = {
  runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
  resultTypes: ["violations", "incomplete"],
};

/** Fails with every violation, its elements and axe's explanation. */
export async function mustBeAccessible(page: Page, where: string): Promise<void> {
  if (await page.evaluate(() => !("axe" in globalThis))) await page.evaluate(SOURCE);
  const results = (await page.evaluate(async (rules) => {
    const axe = Reflect.get(globalThis, "axe") as { run(context: Document, options: unknown): Promise<unknown> };
    return axe.run(document, rules);
  }, RULES)) as AxeResults;
  assert.ok(results.passes.length > 5, `${where}: axe looked at next to nothing`);
  const violations = results.violations.map(({ id, help, nodes }) => ({
    id,
    help,
    elements: nodes.map(({ html, failureSummary }) => `${html.slice(0, 160)} -- ${failureSummary?.replaceAll("\n", " ")}`),
  }));
  assert.deepEqual(violations, [], where);
}
