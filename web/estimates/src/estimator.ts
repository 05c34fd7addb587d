// Keeps a bundle fresh and the clock right, and decides who answers a question: this browser, the server, or nobody. Nothing that goes
// wrong here is thrown; it is said. What this module must not know: how the wasm decides, and how an estimate looks on a page.
import { answered, firstCutOff, unanswered, type EstimateResult, type Source } from "./answer.js";
import { openBundle, FORMAT_VERSION, type Bundle, type Bytes, type PluginName } from "./bundle.js";
import { Clock } from "./clock.js";
import type { Engine, OpenEngine, Outcome } from "./engine.js";
import type { Estimate, Question } from "./generated/types.js";
import { readOptions, type EstimatorOptions, type Settings } from "./options.js";
import { problemOf, Trouble, type Problem } from "./problem.js";
import type { Server } from "./server.js";
import { fetchBundle, fetchKey } from "./source.js";
import { withStock } from "./stock.js";

/** Where the data came from. */
export interface Provenance {
  shop: string;
  /** Absent when the shop has no plugin for quotes. */
  plugin?: PluginName;
  /** Digest of the plugin with the merchant's settings in it. */
  snapshot?: string;
  /** RFC 3339. */
  issued: string;
  until: string;
  /** The public key that the signature was checked with, base64url. */
  key: string;
  formatVersion: number;
}

export interface Estimator extends EventTarget {
  /** Who answers questions now. */
  readonly source: Source;
  /** Why it is not the browser; with `browser`: why the bundle could not be refreshed. */
  readonly problem: Problem | undefined;
  readonly provenance: Provenance | undefined;
  /** Whose time `now` tells. */
  readonly clock: "server" | "device";
  /** The server's time as far as it is known; what a question's `at` defaults to. */
  now(): Date;
  /** At once, in this browser only: see `source`. Never throws; a `problem` says why there is no answer. */
  estimate(question: Question): EstimateResult;
  /** By the browser, its worker, or the server. Never rejects; a `problem` says why there is no answer. */
  ask(question: Question, options?: { signal?: AbortSignal | undefined }): Promise<EstimateResult>;
  /** Reads the bundle again. Happens by itself when it goes stale, when the tab wakes up, and when the clock jumps. */
  refresh(): Promise<void>;
  /** Ends timers, requests and the worker. */
  close(): void;
}

/** A bundle that was not refreshed for so long is when the tab wakes up, unless the server says otherwise. In milliseconds. */
const MAX_AGE = 300_000;
/** How often to look at the clock, in milliseconds: how late a wake-up from sleep may be noticed while the tab stays visible. */
const HEARTBEAT = 30_000;
/** How far two right clocks may be apart, in milliseconds. */
const SKEW = 60_000;

function moment(milliseconds: number): string {
  const date = new Date(milliseconds);
  // A device's clock may stand anywhere; years of more than four digits are no RFC 3339.
  return Number.isNaN(date.getTime()) ? "9999-12-31T00:00:00Z" : `${date.toISOString().slice(0, -5)}Z`;
}

class Live extends EventTarget implements Estimator {
  readonly #settings: Settings;
  readonly #open: OpenEngine;
  readonly #options: EstimatorOptions;
  readonly #clock: Clock;
  /** Not loaded before it is needed: most pages never do. */
  #server: Server | undefined;
  readonly #closing = new AbortController();
  #key: { text: string; key: Bytes } | undefined;
  #bundle: Bundle | undefined;
  #engine: Engine | undefined;
  /** Of the last refresh. */
  #trouble: Problem | undefined;
  #refreshing: Promise<void> | undefined;
  /** When the bundle ought to be read again, by the steady clock. */
  #due = 0;
  #cutOff = Infinity;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(options: EstimatorOptions, open: OpenEngine) {
    super();
    this.#settings = readOptions(options);
    this.#key = this.#settings.key;
    [this.#options, this.#open] = [options, open];
    this.#clock = new Clock(options.now);
    options.signal?.addEventListener("abort", this.#close, { signal: this.#closing.signal });
    const listen = { signal: this.#closing.signal };
    const page = globalThis as { document?: EventTarget; window?: EventTarget };
    page.document?.addEventListener("visibilitychange", this.#wake, listen);
    for (const event of ["pageshow", "online", "focus"]) page.window?.addEventListener(event, this.#wake, listen);
    if (options.signal?.aborted) this.#close();
  }

  get source(): Source {
    return !this.#obstacle() ? "browser" : this.#settings.server && !this.#closed ? "server" : "none";
  }

  get problem(): Problem | undefined {
    return this.#obstacle() ?? this.#trouble;
  }

  get provenance(): Provenance | undefined {
    const header = this.#bundle?.header;
    return header && {
      shop: header.shop,
      ...(header.plugin && { plugin: header.plugin, snapshot: header.plugin.snapshot }),
      ...{ issued: header.issued, until: header.until, key: this.#key?.text ?? "", formatVersion: FORMAT_VERSION },
    };
  }

  get clock(): "server" | "device" {
    return this.#clock.source;
  }

  now(): Date {
    return new Date(this.#clock.now());
  }

  estimate(question: Question): EstimateResult {
    try {
      const obstacle = this.#obstacle();
      if (obstacle) return this.#unanswered(question, obstacle);
      const filled = this.#filled(question);
      const decide = this.#engine?.decide;
      if (!decide) throw new Trouble("IN_WORKER", "the engine is in a worker; use ask()");
      return this.#decided(filled, decide(filled));
    } catch (error) {
      return this.#unanswered(question, this.#failed(error));
    }
  }

  async ask(question: Question, { signal }: { signal?: AbortSignal | undefined } = {}): Promise<EstimateResult> {
    try {
      if (signal?.aborted) throw new Trouble("ABORTED", "the question was taken back");
      if (this.#obstacle()?.code === "BUNDLE_STALE" && this.#clock.steady() >= this.#due) await this.refresh();
      let obstacle = this.#obstacle();
      if (!obstacle && this.#engine) {
        try {
          const filled = this.#filled(question);
          return this.#decided(filled, await this.#engine.ask(filled));
        } catch (error) {
          obstacle = this.#failed(error);
          // The server would refuse it as well.
          if (obstacle.code === "BAD_QUESTION") throw error;
        }
      }
      const { server: url, fetch } = this.#settings;
      if (!url || this.#closed) return this.#unanswered(question, obstacle as Problem);
      if (!this.#server) {
        const { Server } = await import("./server.js").catch((error: unknown) => {
          throw new Trouble("OFFLINE", `what asks the server cannot be loaded: ${String(error)}`);
        });
        this.#server ??= new Server(fetch, url, () => this.#clock.now());
      }
      // The server's own clock dates a question that has no `at`: so the same question is the same for longer than a second.
      const outcome = await this.#server.ask(withStock(question, this.#bundle?.header.stock), signal);
      if ("failure" in outcome) return this.#unanswered(question, outcome.failure);
      const { estimate } = outcome;
      this.#note(estimate);
      const plugin = estimate.plugins?.find(({ failed }) => !failed);
      return answered(estimate, { source: "server", problem: obstacle, plugin, fallback: estimate.fallback });
    } catch (error) {
      return this.#unanswered(question, problemOf(error, "BAD_QUESTION"));
    }
  }

  refresh(): Promise<void> {
    if (this.#closed) return Promise.resolve();
    this.#refreshing ??= this.#load().finally(() => {
      this.#refreshing = undefined;
      if (!this.#closed) this.dispatchEvent(new Event("change"));
    });
    return this.#refreshing;
  }

  close(): void {
    this.#close();
  }

  /** Reads the bundle, and keeps the one it has when there is no better. Never rejects. */
  async #load(): Promise<void> {
    // Until the server has said how long it holds.
    this.#due = this.#clock.steady() + SKEW;
    const open = this.#open(this.#options.wasm, this.#settings.fetch);
    try {
      const bundle = await this.#read();
      if (this.#bundle && bundle.issued < this.#bundle.issued) throw new Trouble("BUNDLE_STALE", "an older bundle than the last");
      const same = this.#engine && this.#bundle?.signature.every((byte, index) => byte === bundle.signature[index]);
      if (!same) await this.#use(bundle, open);
      this.#trouble = undefined;
    } catch (error) {
      this.#trouble = problemOf(error, "BUNDLE_MALFORMED");
    }
    this.#schedule();
  }

  get #closed(): boolean {
    return this.#closing.signal.aborted;
  }

  async #read(): Promise<Bundle> {
    const { bundle: source, keyUrl, key: pinned, fetch } = this.#settings;
    const signal = this.#closing.signal;
    let bytes: Bytes;
    if ("bytes" in source) bytes = source.bytes;
    else {
      const fetched = await fetchBundle(fetch, source.url, this.#clock, signal);
      bytes = fetched.bytes;
      this.#due = this.#clock.steady() + Math.max(fetched.maxAge ?? MAX_AGE, SKEW);
    }
    const key = async (anew = false) => {
      if (!this.#key || anew) {
        if (!keyUrl) throw new Trouble("UNVERIFIABLE", "bytes of a bundle need a key");
        this.#key = await fetchKey(fetch, keyUrl, signal);
      }
      return this.#key.key;
    };
    const bundle = await openBundle(bytes, key).catch((error: unknown) => {
      // The shop may have a new key since the page was opened.
      const mayBeNew = error instanceof Trouble && error.code === "BAD_SIGNATURE" && !pinned && this.#bundle;
      if (mayBeNew) return openBundle(bytes, () => key(true));
      throw error;
    });
    const asked = "url" in source ? /\/shops\/([^/]+)\/estimate-bundle$/.exec(new URL(source.url).pathname)?.[1] : undefined;
    if (asked !== undefined && decodeURIComponent(asked) !== bundle.header.shop) {
      throw new Trouble("WRONG_SHOP", `the bundle is of the shop ${bundle.header.shop}, not ${asked}`);
    }
    return bundle;
  }

  async #use(bundle: Bundle, open: ReturnType<OpenEngine>): Promise<void> {
    const engine = bundle.payload.length ? await open(bundle.payload) : undefined;
    if (this.#closed) return engine?.free();
    this.#engine?.free();
    [this.#bundle, this.#engine] = [bundle, engine];
  }

  /** Why the browser cannot decide now. */
  #obstacle(): Problem | undefined {
    if (this.#closed) return { code: "CLOSED", message: "the estimator was closed" };
    const bundle = this.#bundle;
    const now = this.#clock.now();
    if (!bundle) return this.#trouble ?? { code: "BUNDLE_MISSING", message: "the bundle is not here yet" };
    if (!this.#engine) {
      const why = bundle.header.undescribed ?? "its plugin cannot be described";
      return this.#trouble ?? { code: "NOT_DESCRIBED", message: `only the shop's server decides: ${why}` };
    }
    if (now >= bundle.until) return { code: "BUNDLE_STALE", message: `the bundle holds until ${bundle.header.until}` };
    if (now < Math.min(bundle.from, bundle.issued) - SKEW) {
      return { code: "CLOCK_WRONG", message: `it is ${moment(now)} here, before the bundle was issued at ${bundle.header.issued}` };
    }
    return undefined;
  }

  /** The question with its moment and its stock. */
  #filled(question: Question): Question {
    const { from = 0, until = 0, header } = this.#bundle ?? {};
    const at = question.at ?? moment(Math.max(this.#clock.now(), from));
    const time = Date.parse(at);
    if (!(time >= from && time < until)) {
      throw new Trouble("AT_OUT_OF_RANGE", `${at} is outside of the bundle's ${moment(from)} to ${moment(until)}`);
    }
    return withStock({ ...question, at }, header?.stock);
  }

  #decided(question: Question, outcome: Outcome): EstimateResult {
    if ("failure" in outcome) return this.#unanswered(question, outcome.failure);
    this.#note(outcome.estimate);
    return answered(outcome.estimate, { source: "browser", plugin: this.#bundle?.header.plugin });
  }

  #unanswered(question: Question | undefined, problem: Problem): EstimateResult {
    return unanswered(question?.at ?? moment(this.#clock.now()), this.#bundle?.header.currency ?? "", problem);
  }

  /** An engine that failed leaves nothing behind that could be trusted; it is not even freed, that would run in the same memory. */
  #failed(error: unknown): Problem {
    const problem = problemOf(error, "BAD_QUESTION");
    if (problem.code === "ENGINE_FAILED") [this.#engine, this.#trouble] = [undefined, problem];
    return problem;
  }

  #note(estimate: Estimate): void {
    const cutOff = firstCutOff(estimate);
    if (cutOff >= this.#cutOff || cutOff <= this.#clock.now()) return;
    this.#cutOff = cutOff;
    this.#schedule();
  }

  #schedule(): void {
    clearTimeout(this.#timer);
    if (this.#closed) return;
    const next = Math.min(this.#cutOff, this.#bundle?.until ?? Infinity) - this.#clock.now();
    this.#timer = setTimeout(this.#beat, next > 0 ? Math.min(next, HEARTBEAT) : HEARTBEAT);
    // In Node a timer keeps the process; this one is no reason to.
    (this.#timer as { unref?: () => void }).unref?.();
  }

  readonly #beat = (): void => {
    const stale = this.#obstacle()?.code === "BUNDLE_STALE" && this.#clock.steady() >= this.#due;
    if (this.#clock.jumped() || stale) void this.refresh();
    if (this.#clock.now() >= this.#cutOff) {
      this.#cutOff = Infinity;
      this.dispatchEvent(new Event("change"));
    }
    this.#schedule();
  };

  readonly #wake = (): void => {
    if ((globalThis as { document?: { hidden: boolean } }).document?.hidden) return;
    if (this.#clock.steady() >= this.#due || (this.#trouble && !this.#engine)) void this.refresh();
    this.#beat();
  };

  readonly #close = (): void => {
    if (this.#closed) return;
    this.#closing.abort();
    clearTimeout(this.#timer);
    this.#server?.close();
    this.#engine?.free();
    this.#engine = undefined;
  };
}

/**
 * An estimator whose engine is opened by `open`; resolves when the first bundle was read, or could not be.
 * @throws {TypeError} wrong options
 * @internal
 */
export async function connect(options: EstimatorOptions, open: OpenEngine): Promise<Estimator> {
  const live = new Live(options, open);
  await live.refresh();
  return live;
}
