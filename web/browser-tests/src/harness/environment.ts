// Where everything is: told by `cargo xtask`, with the places in the tree for who runs `npm test` here by hand.

import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../../../", import.meta.url));

function place(name: string, inTree: string): string {
  return process.env[name] ?? `${root}${inTree}`;
}

/** The server's binary. */
export const binary = place("CARTWRIGHT_BINARY", "target/release/cartwright");
/** The components of the reference plugins. */
export const components = place("CARTWRIGHT_COMPONENTS", "target/components");
/** Describes a shop for other days than the coming ones: an example of the plugin's crate. */
export const describe = place("CARTWRIGHT_DESCRIBE", "target/release/examples/describe");
/** The demo's shops. */
export const demoShops = place("CARTWRIGHT_SHOPS", "xtask/demo/shops");
/** The shops that only tests have. */
export const testShops = fileURLToPath(new URL("../../shops/", import.meta.url));
/** Compiled plugins, kept from run to run. */
export const cache = place("CARTWRIGHT_CACHE", "target/plugin-cache");
/** The site that `cargo xtask web` has put together. */
export const site = place("CARTWRIGHT_SITE", "target/site");

/** The Chromium to drive. */
export function chromiumPath(): string {
  const candidates = [process.env["CARTWRIGHT_CHROMIUM"], "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
  const found = candidates.find((path) => path !== undefined && existsSync(path));
  if (found === undefined) throw new Error("no Chromium is here: `cargo xtask setup` installs one, CARTWRIGHT_CHROMIUM names one");
  return found;
}

/** Where the server listens: set by run.ts for every test file. */
export function address(): string {
  const address = process.env["CARTWRIGHT_ADDRESS"];
  if (address === undefined) throw new Error("CARTWRIGHT_ADDRESS is not set: run the tests by `npm test`, which starts the server");
  return address;
}
