// The wasm that decides, opened on a bundle's payload, in this thread. What this module must not know: clocks, servers, and how the
// payload was come by.
import init, { Estimator as Wasm } from "../pkg/cartwright_estimates.js";
import type { Bytes } from "./bundle.js";
import { readOutcome, writeQuestion } from "./generated/codec.js";
import type { Estimate, Failure, Question } from "./generated/types.js";
import { Trouble } from "./problem.js";

export type Outcome = { estimate: Estimate } | { failure: Failure };
export type WasmSource = string | URL | BufferSource | WebAssembly.Module;

/** Decides questions of one bundle. */
export interface Engine {
  /** In this thread; absent where the engine is in a worker. It throws when the wasm is broken. */
  decide?(question: Question): Outcome;
  ask(question: Question): Promise<Outcome>;
  free(): void;
}
export type OpenEngine = (payload: Bytes, wasm: WasmSource | undefined) => Promise<Engine>;

/** The smallest module there is: what cannot even be compiled is forbidden. */
const NOTHING = Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0);

function mayCompile(): void {
  if (typeof WebAssembly !== "object") throw new Trouble("WASM_UNSUPPORTED", "this browser has no WebAssembly");
  try {
    new WebAssembly.Module(NOTHING);
  } catch (error) {
    throw new Trouble("WASM_BLOCKED", `the page's CSP needs script-src 'wasm-unsafe-eval': ${String(error)}`);
  }
}

export const openEngine: OpenEngine = async (payload, wasm) => {
  mayCompile();
  try {
    await (wasm === undefined ? init() : init({ module_or_path: wasm }));
  } catch (error) {
    const refused = error instanceof WebAssembly.CompileError || error instanceof WebAssembly.LinkError;
    throw new Trouble(refused ? "WASM_UNSUPPORTED" : "WASM_MISSING", `the wasm could not be loaded: ${String(error)}`);
  }
  let engine: Wasm;
  try {
    engine = new Wasm(payload);
  } catch (error) {
    const code = error instanceof Error ? error.message : "";
    const known = code === "FUTURE_VERSION" ? code : code === "CUT" || code === "MALFORMED" ? `BUNDLE_${code}` : "ENGINE_FAILED";
    throw new Trouble(known, `the engine does not take the bundle's payload: ${String(error)}`);
  }
  const decide = (question: Question): Outcome => readOutcome(engine.estimate(writeQuestion(question)));
  return { decide, ask: async (question) => decide(question), free: () => engine.free() };
};
