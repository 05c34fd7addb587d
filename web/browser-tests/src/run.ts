// Starts the server once, and runs the tests or the benches against it. `npm test -- walk` runs the files whose name has `walk` in it.

import { spawn } from "node:child_process";
import { readdir } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { startServer } from "./harness/server.js";

const [what, ...chosen] = process.argv.slice(2);
const folder = fileURLToPath(new URL("tests/", import.meta.url));

async function words(): Promise<string[]> {
  if (what === "bench") return [fileURLToPath(new URL("bench/main.ts", import.meta.url)), ...chosen];
  const files = (await readdir(folder)).filter((file) => file.endsWith(".test.ts"));
  const wanted = files.filter((file) => chosen.length === 0 || chosen.some((name) => file.includes(name))).sort();
  if (wanted.length === 0) throw new Error(`no test file has ${chosen.join(" or ")} in its name; there are ${files.join(", ")}`);
  const runner = ["--test", "--test-reporter=spec", "--test-concurrency=2", "--test-timeout=240000"];
  return [...runner, ...wanted.map((file) => `${folder}${file}`)];
}

const server = await startServer();
let code = 1;
try {
  const child = spawn(process.execPath, ["--import", "tsx", ...(await words())], {
    stdio: "inherit",
    env: { ...process.env, CARTWRIGHT_ADDRESS: server.address },
  });
  code = await new Promise<number>((done) => child.once("exit", (code) => done(code ?? 1)));
} finally {
  await server.stop();
}
process.exitCode = code;
