// What a page gets for a question, and how an estimate or a problem becomes it. What this module must not know: who decided.
import type { PluginName } from "./bundle.js";
import type { Estimate } from "./generated/types.js";
import type { Problem } from "./problem.js";

/** Who decided; `none`: nobody could, and there are no options. */
export type Source = "browser" | "server" | "none";

export interface FreeShipping {
  /** Which option would be free. */
  service: string;
  /** What is still missing in the cart until then, in minor units; 0 when it is free. */
  missing: number;
  /** ISO 4217. */
  currency: string;
}

export type EstimateResult = Estimate & {
  source: Source;
  /** With `none`: why there is no estimate. With `server`: why the browser did not decide. */
  problem?: Problem;
  /** The plugin that decided, with its version and the digest of its settings. */
  plugin?: PluginName;
  /** The nearest threshold of free shipping, when the shop has one. */
  freeShipping?: FreeShipping;
  /** Why the shop's backup rates answered in place of its plugin. */
  fallback?: Problem;
};

export interface Circumstances {
  source: Source;
  problem?: Problem | undefined;
  plugin?: PluginName | null | undefined;
  fallback?: Problem | undefined;
}

export function answered(estimate: Estimate, { source, problem, plugin, fallback }: Circumstances): EstimateResult {
  const { at, currency, options, reasons } = estimate;
  let freeShipping: FreeShipping | undefined;
  for (const { service, untilFree: missing } of options) {
    if (typeof missing === "number" && missing < (freeShipping?.missing ?? Infinity)) freeShipping = { service, missing, currency };
  }
  return {
    ...{ at, currency, options, reasons, source },
    ...(problem && { problem }),
    ...(plugin && { plugin }),
    ...(freeShipping && { freeShipping }),
    ...(fallback && { fallback }),
  };
}

/** No promise, and why. */
export function unanswered(at: string, currency: string, problem: Problem): EstimateResult {
  return { at, currency, options: [], reasons: [], source: "none", problem };
}

/** The last moment at which one of these options still holds its days; none: infinity. In milliseconds since 1970. */
export function firstCutOff(estimate: Estimate): number {
  return Math.min(...estimate.options.map((option) => Date.parse(option.orderBy ?? "") || Infinity));
}
