// Asks the server where the browser cannot decide itself: debounced, cached, abortable. What this module must not know: bundles,
// wasm, and why the browser could not.
import { firstCutOff } from "./answer.js";
import type { PluginName } from "./bundle.js";
import type { Estimate, Question } from "./generated/types.js";
import { problemOf, Trouble, type Problem } from "./problem.js";
import { fetching, type Fetch } from "./source.js";

/** How long a question waits for being taken back before it is sent, in milliseconds. */
export const DEBOUNCE = 150;
/** How long an answer holds, in milliseconds; less when a cut-off passes before. */
const KEEP = 60_000;
/** Answers kept; the oldest go first. */
const MOST_KEPT = 50;

/** What `POST …/estimates` answers. */
export interface ServerEstimate extends Estimate {
  plugins?: (PluginName & { failed?: boolean })[];
  /** Why the shop's plugin did not answer and its backup rates did. */
  fallback?: Problem;
}
export type ServerOutcome = { estimate: ServerEstimate } | { failure: Problem };

interface Asked {
  outcome: Promise<ServerOutcome>;
  askers: number;
  controller: AbortController;
}

async function read(response: Response): Promise<ServerOutcome> {
  const text = await response.text();
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    body = undefined;
  }
  if (typeof body === "object" && body) {
    if (response.ok && Array.isArray((body as ServerEstimate).options)) {
      const estimate = body as ServerEstimate;
      return { estimate: { ...estimate, reasons: estimate.reasons ?? [] } };
    }
    const details = body as { code?: string; detail?: string; title?: string; field?: string; errors?: { field?: string; message?: string }[] };
    if (!response.ok) {
      const first = details.errors?.[0];
      const field = details.field ?? first?.field;
      const message = details.detail ?? first?.message ?? details.title ?? `the server answered ${response.status}`;
      return { failure: { code: details.code ?? "SERVER_FAILED", message, ...(field ? { field } : {}) } };
    }
  }
  throw new Trouble("SERVER_FAILED", `${response.url} answered ${response.status} with what is no estimate`);
}

export class Server {
  readonly #fetch: Fetch;
  readonly #url: string;
  readonly #now: () => number;
  readonly #asked = new Map<string, Asked>();
  readonly #kept = new Map<string, { outcome: ServerOutcome; until: number }>();

  /** `now` is the server's time in milliseconds: a kept answer ends with its first cut-off. */
  constructor(fetch: Fetch, url: string, now: () => number) {
    [this.#fetch, this.#url, this.#now] = [fetch, url, now];
  }

  /** Never rejects. The same question asked twice is sent once; it is called back when nobody waits for it any more. */
  async ask(question: Question, signal?: AbortSignal): Promise<ServerOutcome> {
    if (signal?.aborted) return aborted();
    const body = JSON.stringify(question);
    const kept = this.#kept.get(body);
    if (kept && this.#now() < kept.until) return kept.outcome;
    this.#kept.delete(body);
    const asked = this.#asked.get(body) ?? this.#send(body);
    asked.askers += 1;
    if (!signal) return asked.outcome;
    return new Promise((resolve) => {
      const leave = () => {
        asked.askers -= 1;
        if (!asked.askers) {
          this.#asked.delete(body);
          asked.controller.abort();
        }
        resolve(aborted());
      };
      signal.addEventListener("abort", leave, { once: true });
      void asked.outcome.then((outcome) => {
        signal.removeEventListener("abort", leave);
        resolve(outcome);
      });
    });
  }

  /** Calls back what is under way and forgets what is kept. */
  close(): void {
    for (const { controller } of this.#asked.values()) controller.abort();
    this.#asked.clear();
    this.#kept.clear();
  }

  #send(body: string): Asked {
    const controller = new AbortController();
    const asked: Asked = { outcome: this.#exchange(body, controller.signal), askers: 0, controller };
    this.#asked.set(body, asked);
    void asked.outcome.then((outcome) => {
      if (this.#asked.get(body) === asked) this.#asked.delete(body);
      if (controller.signal.aborted || !("estimate" in outcome)) return;
      const until = Math.min(this.#now() + KEEP, firstCutOff(outcome.estimate));
      this.#kept.set(body, { outcome, until });
      if (this.#kept.size > MOST_KEPT) this.#kept.delete(this.#kept.keys().next().value ?? "");
    });
    return asked;
  }

  async #exchange(body: string, signal: AbortSignal): Promise<ServerOutcome> {
    try {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, DEBOUNCE);
        signal.addEventListener("abort", () => (clearTimeout(timer), resolve()), { once: true });
      });
      const headers = { "content-type": "application/json", accept: "application/json" };
      return await fetching(this.#fetch, this.#url, { method: "POST", headers, body }, read, signal);
    } catch (error) {
      return { failure: problemOf(error, "SERVER_FAILED") };
    }
  }
}

function aborted(): ServerOutcome {
  return { failure: { code: "ABORTED", message: "the question was taken back" } };
}
