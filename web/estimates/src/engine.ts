// The wasm that decides, opened on a bundle's payload, in this thread. What this module must not know: clocks, servers, and how the
// payload was come by.
import { Estimator as Wasm, initSync } from "../pkg/cartwright_estimates.js";
import type { Bytes } from "./bundle.js";
import type { Estimate, Failure, Question } from "./generated/types.js";
import { Trouble } from "./problem.js";
import { fetching, type Fetch } from "./source.js";
import { readOutcome, Unwritable, writeQuestion } from "./wire.js";

export type Outcome = { estimate: Estimate } | { failure: Failure };
export type WasmSource = string | URL | BufferSource | WebAssembly.Module;

/** Decides questions of one bundle; throws {Trouble} `BAD_QUESTION`, or `ENGINE_FAILED` when it must not be asked again. */
export interface Engine {
  /** In this thread; absent where the engine is in a worker. */
  decide?(question: Question): Outcome;
  ask(question: Question): Promise<Outcome>;
  free(): void;
}
/** The first call begins to load, so that the wasm comes beside the bundle; the second opens an engine on a bundle's payload. */
export type OpenEngine = (wasm: WasmSource | undefined, fetch: Fetch) => (payload: Bytes) => Promise<Engine>;

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

async function compile(response: Response): Promise<WebAssembly.Module> {
  if (!response.ok) throw new Trouble("WASM_MISSING", `${response.url} answered ${response.status}`);
  try {
    // While it arrives, where the server calls it by its name.
    const streams = response.headers.get("content-type") === "application/wasm";
    return await (streams ? WebAssembly.compileStreaming(response) : WebAssembly.compile(await response.arrayBuffer()));
  } catch (error) {
    throw unsupported(error);
  }
}

async function load(wasm: WasmSource | undefined, fetch: Fetch): Promise<void> {
  mayCompile();
  let module: WebAssembly.Module;
  if (wasm instanceof WebAssembly.Module) module = wasm;
  else if (wasm && typeof wasm === "object" && !(wasm instanceof URL)) module = await WebAssembly.compile(wasm);
  // A bundler finds the wasm by these very words.
  else module = await fetching(fetch, String(wasm ?? new URL("./cartwright_estimates_bg.wasm", import.meta.url)), {}, compile);
  initSync({ module });
}

function unsupported(error: unknown): Trouble {
  return error instanceof Trouble ? error : new Trouble("WASM_UNSUPPORTED", `the wasm does not run here: ${String(error)}`);
}

/** One instance of the wasm serves all bundles of this thread. */
let ready: Promise<void> | undefined;

export const openEngine: OpenEngine = (wasm, fetch) => {
  ready ??= load(wasm, fetch).catch((error: unknown) => {
    ready = undefined;
    throw unsupported(error);
  });
  const mine = ready;
  // When the bundle cannot be used nobody waits for it.
  mine.catch(() => undefined);
  return async (payload) => {
    await mine;
    return open(payload);
  };
};

function open(payload: Bytes): Engine {
  let engine: Wasm;
  try {
    engine = new Wasm(payload);
  } catch (error) {
    const known = ["CUT", "MALFORMED"].includes(String(error)) ? `BUNDLE_${String(error)}` : String(error);
    const code = known === "FUTURE_VERSION" || known.startsWith("BUNDLE_") ? known : "ENGINE_FAILED";
    throw new Trouble(code, `the engine does not take the bundle's payload: ${String(error)}`);
  }
  const decide = (question: Question): Outcome => {
    try {
      return readOutcome(engine.estimate(writeQuestion(question)));
    } catch (error) {
      if (error instanceof Unwritable) throw new Trouble("BAD_QUESTION", error.message, error.field);
      throw new Trouble("ENGINE_FAILED", String(error));
    }
  };
  return { decide, ask: async (question) => decide(question), free: () => engine.free() };
}
