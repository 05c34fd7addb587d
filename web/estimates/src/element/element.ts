// `<delivery-estimate>`: turns attributes into a question, asks it, and asks again when a cut-off passes. What this module must not
// know: how an estimate is made, and how it looks.
import { unanswered, type EstimateResult } from "../answer.js";
import type { Estimator } from "../estimator.js";
import { spanChanges } from "../format.js";
import type { Line, Question } from "../generated/types.js";
import { problemOf, Trouble } from "../problem.js";
import { keep, recall, tidy } from "./postal.js";
import { lease, type Lease } from "./shared.js";
import { language, type Language, type Texts } from "./texts.js";
import { chosen, View } from "./view.js";

/** The event that tells of a postal code which the shopper entered. */
const ENTERED = "postal-code";

const SOURCE = ["bundle", "key"];
const QUESTION = ["country", "postal-code", "sku", "price", "weight", "length", "width", "height", "quantity", "remember"];

/** Longest wait between two looks at the cut-off, in milliseconds; a page may have slept meanwhile. */
const LONGEST_WAIT = 60_000;
/** Between two questions about the same cut-off, in milliseconds. */
const AGAIN = 10_000;

export class DeliveryEstimate extends HTMLElement {
  static readonly observedAttributes = [...SOURCE, ...QUESTION, "locale"];

  readonly #view: View;
  #lease: Lease | undefined;
  #estimator: Estimator | undefined;
  #question: Question | undefined;
  #texts: Partial<Texts> | undefined;
  #language: Language = language("en", undefined);
  /** What the shopper entered here, or was kept on this device. */
  #entered: string | undefined;
  #asking: AbortController | undefined;
  #planned = false;
  #result: EstimateResult | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** The cut-off that was last seen to pass. */
  #passed = "";
  #warned = "";

  constructor() {
    super();
    this.#view = new View(this.attachShadow({ mode: "open" }), {
      submit: (typed, remember) => this.#submit(typed, remember),
      current: () => ({
        code: this.#postalCode(),
        remember: this.hasAttribute("remember") && recall(this.#country()) !== undefined,
        mayRemember: this.hasAttribute("remember"),
      }),
    });
  }

  /** Several lines, or what the attributes cannot say; the attributes for the goods are then not looked at. */
  get question(): Question | undefined {
    return this.#question;
  }

  set question(question: Question | undefined) {
    if (question?.destination?.postalCode !== this.#question?.destination?.postalCode) this.#entered = undefined;
    this.#question = question;
    this.#plan();
  }

  /** Texts of the page's own, over those of the language. */
  get texts(): Partial<Texts> | undefined {
    return this.#texts;
  }

  set texts(texts: Partial<Texts> | undefined) {
    this.#texts = texts;
    this.#plan();
  }

  /** What is shown; the event `estimate` brings each new one. */
  get result(): EstimateResult | undefined {
    return this.#result;
  }

  connectedCallback(): void {
    // Set by a page's script before this class was there, they hide the accessors.
    for (const name of ["question", "texts"] as const) {
      if (!Object.hasOwn(this, name)) continue;
      const { [name]: value } = this;
      delete this[name];
      Object.assign(this, { [name]: value });
    }
    document.addEventListener("visibilitychange", this.#tick);
    document.addEventListener(ENTERED, this.#enteredElsewhere);
    this.#speak();
    if (!this.#result) this.#view.fallback(this.#language.texts.waiting);
    this.#connect();
  }

  disconnectedCallback(): void {
    document.removeEventListener("visibilitychange", this.#tick);
    document.removeEventListener(ENTERED, this.#enteredElsewhere);
    clearTimeout(this.#timer);
    this.#asking?.abort();
    this.#disconnect();
  }

  attributeChangedCallback(name: string, before: string | null, after: string | null): void {
    if (before === after) return;
    // The page knows better than what was entered before.
    if (name === "postal-code") this.#entered = undefined;
    if (!this.isConnected) return;
    if (SOURCE.includes(name)) this.#connect();
    else this.#plan();
  }

  #disconnect(): void {
    this.#estimator?.removeEventListener("change", this.#plan);
    this.#estimator = undefined;
    this.#lease?.release();
    this.#lease = undefined;
  }

  #connect(): void {
    this.#disconnect();
    const bundle = this.getAttribute("bundle");
    if (!bundle) return this.#plan();
    const mine = lease(bundle, this.getAttribute("key") ?? undefined);
    this.#lease = mine;
    mine.estimator.then(
      (estimator) => {
        if (this.#lease !== mine) return;
        this.#estimator = estimator;
        estimator.addEventListener("change", this.#plan);
        this.#plan();
      },
      (error: unknown) => {
        if (this.#lease === mine) this.#show(unanswered("", "", problemOf(error, "BAD_ATTRIBUTE")));
      },
    );
    this.#plan();
  }

  /** Several attributes that change at once make one question. */
  readonly #plan = (): void => {
    if (this.#planned || !this.isConnected) return;
    this.#planned = true;
    queueMicrotask(() => {
      this.#planned = false;
      if (this.isConnected) void this.#ask();
    });
  };

  async #ask(): Promise<void> {
    this.#speak();
    this.#asking?.abort();
    try {
      if (!this.getAttribute("bundle")) throw new Trouble("BAD_ATTRIBUTE", "bundle is missing: the address of the shop's bundle");
      const estimator = this.#estimator;
      if (!estimator) return;
      const asking = (this.#asking = new AbortController());
      const result = await estimator.ask(this.#asked(), { signal: asking.signal });
      if (this.#asking === asking && !asking.signal.aborted) this.#show(result);
    } catch (error) {
      this.#show(unanswered("", "", problemOf(error, "BAD_ATTRIBUTE")));
    }
  }

  #country(): string {
    return (this.#question?.destination?.country ?? this.getAttribute("country") ?? "").trim().toUpperCase();
  }

  #postalCode(): string {
    if (this.#entered !== undefined) return this.#entered;
    const given = tidy(this.#question?.destination?.postalCode ?? this.getAttribute("postal-code") ?? "");
    if (given || !this.hasAttribute("remember")) return given;
    return recall(this.#country()) ?? "";
  }

  #asked(): Question {
    const country = this.#country();
    if (!country) throw new Trouble("BAD_ATTRIBUTE", 'country is missing: an ISO 3166-1 code such as "US"');
    const postalCode = this.#postalCode();
    const { postalCode: _, ...place } = this.#question?.destination ?? { country };
    const destination = { ...place, country, ...(postalCode && { postalCode }) };
    return this.#question ? { ...this.#question, destination } : { destination, lines: [this.#line()] };
  }

  #line(): Line {
    const number = (name: string, otherwise?: number): number => {
      const text = this.getAttribute(name)?.trim();
      if (text && /^\d{1,15}$/.test(text)) return Number(text);
      if (!text && otherwise !== undefined) return otherwise;
      throw new Trouble("BAD_ATTRIBUTE", `${name}="${text ?? ""}" is no whole number; it is needed and has no sign, point or unit`);
    };
    const sized = ["length", "width", "height"].some((name) => this.hasAttribute(name));
    return {
      ...{ id: "1", sku: this.getAttribute("sku") ?? "", quantity: number("quantity", 1) },
      ...{ unitPrice: number("price"), weight: number("weight") },
      ...(sized && { size: { length: number("length"), width: number("width"), height: number("height") } }),
    };
  }

  #speak(): void {
    const near = this.closest("[lang]")?.getAttribute("lang");
    this.#language = language(this.getAttribute("locale") || near || navigator.language, this.#texts);
    this.#view.speak(this.#language);
    const country = this.#country();
    let place = country;
    try {
      place = country && (new Intl.DisplayNames(this.#language.locale, { type: "region" }).of(country) ?? country);
    } catch {
      // No country's code; the engine says so.
    }
    this.#view.destination(this.#postalCode(), place);
  }

  #submit(typed: string, remember: boolean): boolean {
    const code = tidy(typed);
    if (!code) return false;
    this.#entered = code;
    if (this.hasAttribute("remember")) keep(this.#country(), remember ? code : undefined);
    // Who enters something waits for what comes of it.
    this.#view.listen();
    this.#plan();
    this.dispatchEvent(new CustomEvent(ENTERED, { detail: code, bubbles: true, composed: true }));
    return true;
  }

  /** Nobody wants to enter it into each element of a page. */
  readonly #enteredElsewhere = (event: Event): void => {
    const other = event.composedPath()[0];
    if (other === this || !(other instanceof DeliveryEstimate) || other.#country() !== this.#country()) return;
    this.#entered = other.#entered;
    this.#plan();
  };

  #show(result: EstimateResult): void {
    const first = !this.#result;
    this.#result = result;
    const { texts } = this.#language;
    const { problem } = result;
    const option = chosen(result);
    if (option) {
      this.#view.estimate(result, option, this.#left(), this.#estimator?.now() ?? new Date());
    } else if (problem?.field?.endsWith("postalCode")) {
      this.#view.sentence(texts.checkCode);
    } else if (result.source === "none" || !this.#postalCode()) {
      this.#view.fallback(texts.unknown);
      if (problem?.code === "BAD_ATTRIBUTE") this.#warn(problem.message);
    } else {
      this.#view.sentence(`${texts.nowhere} ${texts.checkCode}`);
    }
    if (first) requestAnimationFrame(() => this.#view.listen());
    this.#tick();
    this.dispatchEvent(new CustomEvent("estimate", { detail: result, bubbles: true, composed: true }));
  }

  /** Once for each mistake; a page may be asked a hundred times. */
  #warn(message: string): void {
    if (message === this.#warned) return;
    this.#warned = message;
    console.warn(`<delivery-estimate>: ${message}`);
  }

  /** Seconds until the cut-off of what is shown. */
  #left(): number | undefined {
    const orderBy = this.#result && chosen(this.#result)?.orderBy;
    if (!orderBy || !this.#estimator) return undefined;
    const left = (Date.parse(orderBy) - this.#estimator.now().getTime()) / 1_000;
    return left > 0 ? left : undefined;
  }

  readonly #tick = (): void => {
    clearTimeout(this.#timer);
    const result = this.#result;
    const orderBy = result && chosen(result)?.orderBy;
    if (!orderBy) return;
    const left = this.#left();
    if (left === undefined) {
      // It passed since that was answered: these days are no longer to be had. Not for a question that has its own moment, and not at
      // once again when the server's clock has not got there yet.
      if (this.#question?.at || Date.parse(orderBy) <= Date.parse(result.at)) return;
      this.#timer = setTimeout(this.#plan, orderBy === this.#passed ? AGAIN : 0);
      this.#passed = orderBy;
      return;
    }
    this.#view.within(left);
    if (!document.hidden) this.#timer = setTimeout(this.#tick, Math.min(spanChanges(left), LONGEST_WAIT));
  };
}
