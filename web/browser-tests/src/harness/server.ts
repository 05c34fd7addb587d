// The real server with the demo's shops and the tests' own, on a free port. Knows nothing of browsers.

import { spawn } from "node:child_process";
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { binary, cache, components, demoShops, site, testShops } from "./environment.js";

export interface Server {
  readonly address: string;
  stop(): Promise<void>;
}

/** Starts it and waits until it says where it listens. */
export async function startServer(): Promise<Server> {
  const shops = await gatherShops();
  const log = process.env["CARTWRIGHT_LOG"] === undefined ? "ignore" : "inherit";
  const words = ["serve", "--shops", shops, "--cache", cache, "--site", site, "--listen", "127.0.0.1:0"];
  const server = spawn(binary, words, { stdio: ["ignore", "pipe", log] });
  const ended = new Promise<void>((done) => server.once("exit", () => done()));
  const stop = async () => {
    server.kill("SIGTERM");
    await ended;
    await rm(shops, { recursive: true, force: true });
  };
  const address = new Promise<string>((listening, failed) => {
    createInterface({ input: server.stdout }).once("line", listening);
    server.once("error", failed);
    server.once("exit", (code) => failed(new Error(`${binary} ended with ${code} before it listened; CARTWRIGHT_LOG=1 shows why`)));
  });
  try {
    return { address: (await address).trim(), stop };
  } catch (error) {
    await rm(shops, { recursive: true, force: true });
    throw error;
  }
}

/** One folder with the demo's shops and the tests', whose components are named by where they are now. */
async function gatherShops(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "cartwright-shops-"));
  for (const from of [demoShops, testShops]) {
    await cp(from, folder, { recursive: true });
  }
  for (const shop of await readdir(folder)) {
    const file = join(folder, shop, "shop.json");
    const document = await readFile(file, "utf8");
    const moved = document.replace(/"component":\s*"([^"]+)"/g, (_, path: string) =>
      `"component": ${JSON.stringify(resolve(components, basename(path)))}`);
    await writeFile(file, moved);
  }
  return folder;
}
