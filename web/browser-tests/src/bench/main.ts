// What is measured in Chromium, a table each: `cargo xtask bench browser`. `npm run bench -- sizes` prints only that one.

import { closeBrowser } from "../harness/chromium.js";
import { printEstimates } from "./estimates.js";
import { printFirst } from "./first.js";
import { printPages } from "./pages.js";
import { printSizes } from "./sizes.js";

const TABLES: readonly (readonly [name: string, title: string, print: () => Promise<void>])[] = [
  ["sizes", "10. What a page loads for an estimate", printSizes],
  ["first", "11. From navigation to the first estimate, on the page of plain HTML", printFirst],
  ["estimates", "12. One estimate in Chromium beside a fetch from the server on the same machine", printEstimates],
  ["pages", "13. The storefront's pages: largest paint, layout shift, blocking time", printPages],
];

const chosen = process.argv.slice(2);
try {
  for (const [name, title, print] of TABLES) {
    if (chosen.length > 0 && !chosen.includes(name)) continue;
    console.log(`\n${title}\n`);
    await print();
  }
} finally {
  await closeBrowser();
}
