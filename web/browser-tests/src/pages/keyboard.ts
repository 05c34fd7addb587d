// A shopper without a mouse: only keys that a keyboard has, and at every stop the focus must be seen.

import assert from "node:assert/strict";
import type { Locator, Page } from "playwright-core";

/** No page has more stops than that. */
const MOST_STOPS = 80;

export class Keyboard {
  readonly page: Page;

  constructor(page: Page) {
    this.page = page;
  }

  /** Goes on by Tab until this has the focus. */
  async reach(target: Locator): Promise<void> {
    await target.waitFor();
    for (let stop = 0; stop < MOST_STOPS; stop++) {
      if (await target.evaluate((element) => element === document.activeElement)) {
        await this.#mustBeSeen();
        return;
      }
      await this.page.keyboard.press("Tab");
    }
    const focused = await this.page.evaluate(() => document.activeElement?.outerHTML.slice(0, 200));
    assert.fail(`Tab does not lead to ${String(target)}; it is at ${focused}`);
  }

  async press(target: Locator, key = "Enter"): Promise<void> {
    await this.reach(target);
    await this.page.keyboard.press(key);
  }

  /** What has the focus is drawn with an outline or a shadow, itself or the card or choice that it stands for, and lies within the window. */
  async #mustBeSeen(): Promise<void> {
    const seen = await this.page.evaluate(() => {
      const element = document.activeElement;
      if (!(element instanceof HTMLElement)) return "nothing has the focus";
      const box = element.getBoundingClientRect();
      if (box.bottom < 0 || box.top > innerHeight) return `it lies outside of the window: ${element.outerHTML.slice(0, 120)}`;
      const around = [element, element.parentElement, element.closest("label"), element.closest("li")].filter((each) => each !== null);
      const drawn = around.some((each) => {
        const style = getComputedStyle(each);
        return (style.outlineStyle !== "none" && Number.parseFloat(style.outlineWidth) > 0) || style.boxShadow !== "none";
      });
      return drawn ? "" : `its focus cannot be seen: ${element.outerHTML.slice(0, 120)}`;
    });
    assert.equal(seen, "");
  }
}
