// Why something could not be had: a stable code, a sentence for developers, and where in the question it lies.
// What this module must not know: who finds a problem, and what a page shows of it.

/** Codes that this package has itself. What the engine or the server refuses brings its own code, so the set is open. */
export type ProblemCode =
  | "BUNDLE_MISSING"
  | "BUNDLE_CUT"
  | "BUNDLE_MALFORMED"
  | "BUNDLE_STALE"
  | "FUTURE_VERSION"
  | "BAD_SIGNATURE"
  | "UNVERIFIABLE"
  | "WRONG_SHOP"
  | "NOT_DESCRIBED"
  | "CLOCK_WRONG"
  | "WASM_BLOCKED"
  | "WASM_UNSUPPORTED"
  | "WASM_MISSING"
  | "ENGINE_FAILED"
  | "IN_WORKER"
  | "AT_OUT_OF_RANGE"
  | "BAD_QUESTION"
  | "OFFLINE"
  | "TIMEOUT"
  | "SERVER_FAILED"
  | "ABORTED"
  | "CLOSED"
  | (string & {});

export interface Problem {
  /** Stable, in upper snake case; programs may rely on it. */
  code: ProblemCode;
  /** What was wrong and what would be right, in English, for developers. */
  message: string;
  /** Where in the question, as a JSON pointer. */
  field?: string;
}

/** A problem on its way through `throw`; none leaves the package. */
export class Trouble extends Error {
  readonly code: ProblemCode;
  readonly field: string | undefined;

  constructor(code: ProblemCode, message: string, field?: string) {
    super(message);
    this.code = code;
    this.field = field;
  }
}

/** What was thrown, as a problem; `code` is for errors that are not this package's own. */
export function problemOf(error: unknown, code: ProblemCode): Problem {
  const message = error instanceof Error ? error.message : String(error);
  if (!(error instanceof Trouble)) return { code, message };
  return { code: error.code, message, ...(error.field && { field: error.field }) };
}
