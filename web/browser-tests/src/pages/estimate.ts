// `<delivery-estimate>` as a shopper meets it: what it shows, what it says, and its form.

import type { EstimateResult } from "@cartwright/estimates";
import type { Locator } from "playwright-core";

type Element = HTMLElement & { result?: EstimateResult; nextEstimate?: Promise<void> };

export class EstimateElement {
  readonly element: Locator;

  constructor(element: Locator) {
    this.element = element;
  }

  /** Waits until it shows an answer that `wanted` likes, and gives it. */
  async result(wanted: "any" | "browser" | "server" | "none" = "any"): Promise<EstimateResult> {
    const text = await this.element.evaluate((element, wanted) => new Promise<string>((there, failed) => {
      const patience = setTimeout(() => failed(new Error(`no such estimate; the last was ${JSON.stringify((element as Element).result)}`)), 9_000);
      const look = () => {
        const { result } = element as Element;
        if (result === undefined || (wanted !== "any" && result.source !== wanted)) return;
        clearTimeout(patience);
        element.removeEventListener("estimate", look);
        there(JSON.stringify(result));
      };
      element.addEventListener("estimate", look);
      look();
    }), wanted);
    return JSON.parse(text) as EstimateResult;
  }

  /** What is seen: `Get it Thu, Nov 26 - Sat, Nov 28 · order within 2 h 14 min · free`. */
  async shown(): Promise<string> {
    return (await this.element.locator("[part=summary]").innerText()).replace(/\s+/g, " ").trim();
  }

  /** What a screen reader says of it. */
  async said(): Promise<string> {
    return (await this.element.locator("[aria-live]").textContent())?.trim() ?? "";
  }

  async part(name: string): Promise<string> {
    return (await this.element.locator(`[part~=${name}]`).first().innerText()).trim();
  }

  /** Begins to wait for the next answer; what comes back waits until it is there. */
  async nextAnswer(): Promise<() => Promise<void>> {
    await this.element.evaluate((element) => {
      (element as Element).nextEstimate = new Promise((done, failed) => {
        setTimeout(() => failed(new Error("no new estimate came")), 9_000);
        element.addEventListener("estimate", () => done(), { once: true });
      });
    });
    return () => this.element.evaluate((element) => (element as Element).nextEstimate);
  }

  /** Asks for another place, as one does with the form. */
  async sendTo(postalCode: string): Promise<EstimateResult> {
    await this.element.getByRole("button", { name: /postal code/i }).click();
    await this.element.getByRole("textbox", { name: "Postal code" }).fill(postalCode);
    const answer = await this.nextAnswer();
    await this.element.getByRole("button", { name: "Show dates" }).click();
    await answer();
    return this.result();
  }
}
