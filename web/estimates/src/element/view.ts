// The element's inside: builds it once and writes what is said into it. What this module must not know: where an estimate comes from,
// and when to ask again.
import type { EstimateResult } from "../answer.js";
import { formatDays, formatMoment, formatMoney, formatSpan, type Length } from "../format.js";
import type { ShippingOption } from "../generated/types.js";
import { dress } from "./style.js";
import { fill, type Language } from "./texts.js";

function make<K extends keyof HTMLElementTagNameMap>(
  name: K,
  attributes: Record<string, string>,
  ...children: (Node | string)[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.append(...children);
  return element;
}

/** Only when it changed: a live region would say it again. */
function say(element: HTMLElement, text: string): void {
  if (element.textContent !== text) element.textContent = text;
}

/** The option that the element speaks of: the best that is brought and has a day, else the best that is brought, else the best. */
export function chosen(result: EstimateResult): ShippingOption | undefined {
  const brought = result.options.filter(({ method }) => method === "ship");
  return brought.find(({ earliest }) => earliest) ?? brought[0] ?? result.options[0];
}

export interface Actions {
  submit(code: string, remember: boolean): boolean;
  /** Of the form, when it opens. */
  current(): { code: string; remember: boolean; mayRemember: boolean };
}

export class View {
  readonly #slotted = make("slot", {});
  readonly #own = make("div", {}, this.#slotted);
  readonly #line = make("p", { class: "line", part: "summary" });
  readonly #note = make("p", { class: "note", part: "note" });
  readonly #seen = make("div", { "aria-hidden": "true", hidden: "" }, this.#line, this.#note);
  readonly #roomLine = make("p", {});
  readonly #roomNote = make("p", { class: "note" });
  readonly #room = make("div", { class: "room", "aria-hidden": "true" }, this.#roomLine, this.#roomNote);
  readonly #to = make("span", { part: "to" });
  readonly #change = make("button", { type: "button", class: "link", part: "button change", "aria-expanded": "false" });
  readonly #label = make("label", { part: "label", for: "code" });
  readonly #input = make("input", {
    ...{ id: "code", part: "input", name: "postal-code", autocomplete: "postal-code", autocapitalize: "characters" },
    ...{ spellcheck: "false", maxlength: "40" },
  });
  readonly #show = make("button", { type: "submit", part: "button submit" });
  readonly #cancel = make("button", { type: "button", class: "link", part: "button cancel" });
  readonly #wrong = make("p", { id: "wrong", part: "error", hidden: "", style: "margin:0" });
  readonly #keep = make("input", { type: "checkbox", id: "keep", part: "checkbox" });
  readonly #keepLabel = make("label", { for: "keep", part: "remember" });
  readonly #keepRow = make("div", { class: "keep", hidden: "" }, this.#keep, this.#keepLabel);
  readonly #form = make(
    ...(["form", { part: "form", hidden: "", novalidate: "" }] as const),
    ...[this.#label, make("div", { class: "row" }, this.#input, this.#show, this.#cancel), this.#wrong, this.#keepRow],
  );
  // Silent at first: what was there when the page came is read in its place, and a page of many products would chatter.
  readonly #said = make("p", { class: "said", "aria-live": "off", "aria-atomic": "true" });
  readonly #box = make(
    ...(["div", { class: "box", part: "box" }] as const),
    this.#said,
    // First, so that the page's own words stay where they were before this script came.
    make("div", { class: "cell" }, this.#room, this.#own, this.#seen),
    make("div", { class: "place", part: "destination" }, this.#to, this.#change, this.#form),
  );
  readonly #actions: Actions;
  #language: Language | undefined;
  #within: HTMLElement | undefined;

  constructor(root: ShadowRoot, actions: Actions) {
    this.#actions = actions;
    dress(root);
    root.append(this.#box);
    this.#change.addEventListener("click", () => this.#open(this.#form.hidden !== false));
    this.#cancel.addEventListener("click", () => this.#open(false));
    this.#form.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || event.isComposing) return;
      event.stopPropagation();
      this.#open(false);
    });
    this.#form.addEventListener("submit", (event) => {
      event.preventDefault();
      if (this.#actions.submit(this.#input.value, this.#keep.checked)) this.#open(false);
      else this.#invalid(true);
    });
  }

  speak(language: Language): void {
    this.#language = language;
    const { locale, direction, texts } = language;
    this.#box.lang = locale;
    this.#box.dir = direction;
    say(this.#label, texts.postalCode);
    say(this.#show, texts.show);
    say(this.#cancel, texts.cancel);
    say(this.#wrong, texts.checkCode);
    say(this.#keepLabel, texts.remember);
    // As long as it usually gets: two months, two digits, hours and minutes.
    const money = formatMoney(88_88, "USD", locale);
    const days = fill(texts.getIt, { days: formatDays("2026-09-30", "2026-10-28", locale) });
    const within = fill(texts.orderWithin, { time: formatSpan(86_399, locale) });
    this.#roomLine.replaceChildren(make("span", { class: "days" }, days), ` · ${within} · ${money}`);
    say(this.#roomNote, fill(texts.untilFree, { money }));
  }

  /** `code` empty: not known. `place` is what it is called when there is only a country. */
  destination(code: string, place: string): void {
    const { texts } = this.#spoken();
    say(this.#to, code || place ? fill(texts.to, { place: code || place }) : "");
    say(this.#change, code ? texts.change : texts.enter);
    if (code) this.#change.setAttribute("aria-label", fill(texts.changeFrom, { postalCode: code }));
    else this.#change.removeAttribute("aria-label");
  }

  /** Nothing of its own to say: what the page itself put into the element, or else `text`. */
  fallback(text: string): void {
    say(this.#slotted, text);
    this.#fill(undefined, "", "");
  }

  sentence(text: string): void {
    this.#fill([text], "", text);
  }

  /** `left`: seconds until the cut-off; `now`: the time that is taken for true. */
  estimate(result: EstimateResult, option: ShippingOption, left: number | undefined, now: Date): void {
    const { locale, texts } = this.#spoken();
    const price = option.price === 0 ? texts.free : formatMoney(option.price, result.currency, locale);
    const missing = result.freeShipping?.missing ?? 0;
    const note = option.price && missing ? fill(texts.untilFree, { money: formatMoney(missing, result.currency, locale) }) : "";
    const when = (length: Length): string => {
      if (!option.earliest) return texts.delivery;
      const days = formatDays(option.earliest, option.latest ?? option.earliest, locale, length);
      return fill(option.method === "pickUp" ? texts.pickUp : texts.getIt, { days });
    };
    const parts: (Node | string)[] = [make("span", { class: "days", part: "days" }, when("short"))];
    this.#within = left === undefined ? undefined : make("span", { part: "within" });
    if (this.#within) parts.push(" · ", this.#within);
    parts.push(" · ", make("span", { class: option.price ? "" : "free", part: option.price ? "price" : "price free" }, price));
    const spoken = [when("long"), price, note];
    if (left !== undefined && option.orderBy) {
      spoken.push(fill(texts.orderBy, { moment: formatMoment(new Date(option.orderBy), now, locale) }));
    }
    this.#fill(parts, note, `${spoken.filter(Boolean).join(". ")}.`);
    if (left !== undefined) this.within(left);
  }

  /** Only what is seen; who listens was told the moment itself. */
  within(left: number): void {
    const { locale, texts } = this.#spoken();
    if (this.#within) say(this.#within, fill(texts.orderWithin, { time: formatSpan(left, locale) }));
  }

  /** From now on changes are said. */
  listen(): void {
    this.#said.setAttribute("aria-live", "polite");
  }

  #spoken(): Language {
    if (!this.#language) throw new Error("the view has no language yet");
    return this.#language;
  }

  #fill(parts: (Node | string)[] | undefined, note: string, spoken: string): void {
    if (parts && !this.#own.hidden) {
      // The page's own words may have been taller; what stands below them stays where it is.
      this.#seen.style.minBlockSize = `${this.#own.offsetHeight}px`;
    }
    this.#own.hidden = parts !== undefined;
    this.#seen.hidden = !parts;
    this.#line.replaceChildren(...(parts ?? []));
    say(this.#note, note);
    say(this.#said, spoken);
  }

  #open(open: boolean): void {
    if (open) {
      const { code, remember, mayRemember } = this.#actions.current();
      this.#input.value = code;
      this.#keep.checked = remember;
      this.#keepRow.hidden = !mayRemember;
    }
    this.#invalid(false);
    this.#form.hidden = !open;
    this.#to.hidden = this.#change.hidden = open;
    this.#change.setAttribute("aria-expanded", String(open));
    // The one that has the focus goes away.
    (open ? this.#input : this.#change).focus();
    if (open) this.#input.select();
  }

  #invalid(invalid: boolean): void {
    this.#wrong.hidden = !invalid;
    // Only while it is shown: what describes is read although it is hidden.
    for (const [name, value] of Object.entries({ "aria-invalid": "true", "aria-describedby": "wrong" })) {
      if (invalid) this.#input.setAttribute(name, value);
      else this.#input.removeAttribute(name);
    }
    if (invalid) this.#input.focus();
  }
}
