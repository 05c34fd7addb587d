// What a page imports. Nothing is decided here.
import { openEngine, type OpenEngine } from "./engine.js";
import { connect, type Estimator } from "./estimator.js";
import type { EstimatorOptions } from "./options.js";
import type { Channel } from "./remote.js";

export type { EstimateResult, FreeShipping, Source } from "./answer.js";
export type { PluginName } from "./bundle.js";
export type { Estimator, Provenance } from "./estimator.js";
export type * from "./generated/types.js";
export type { EstimatorOptions } from "./options.js";
export type { Problem, ProblemCode } from "./problem.js";

/** A bundler finds the worker by these very words. */
const start = (): Channel => new Worker(new URL("./worker.js", import.meta.url), { type: "module" });

/**
 * An estimator of one shop. It resolves also when the bundle or the wasm cannot be used: then the server answers, or nobody does, and
 * `problem` says why.
 * @throws {TypeError} wrong options
 */
export function createEstimator(options: EstimatorOptions): Promise<Estimator> {
  const remote: OpenEngine = (wasm, fetch) => async (payload) => (await import("./remote.js")).openRemote(start)(wasm, fetch)(payload);
  return connect(options, options.worker ? remote : openEngine);
}
