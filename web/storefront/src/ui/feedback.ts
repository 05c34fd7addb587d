// What a page says while it waits and when something went wrong. A problem names its field and its remedy; nothing is only a colour.

import type { Problem } from "../api/client.ts";
import { h, replace, uniqueId, type Child } from "../dom.ts";

/** Says something to those who do not see it happen; the shell has the element. */
export function announce(message: string): void {
  const status = document.getElementById("status");
  if (status === null) return;
  // The same words twice are read twice only when the text was away in between.
  status.textContent = "";
  requestAnimationFrame(() => {
    status.textContent = message;
  });
}

/** Something went wrong. `retry` is offered as a button. */
export function problemBox(problem: Problem, retry?: () => void): HTMLElement {
  const heading = uniqueId("problem");
  return h(
    "section",
    { class: "notice error", role: "alert", "aria-labelledby": heading, "data-testid": "problem", "data-code": problem.code },
    h("h2", { id: heading }, problem.title),
    h("p", {}, problem.detail),
    problem.field !== undefined && h("p", {}, "In the request at ", h("code", {}, problem.field), "."),
    h("p", {}, problem.remedy),
    problem.request !== undefined && h("p", { class: "muted" }, `Request ${problem.request}`),
    retry !== undefined && h("button", { type: "button", class: "button", onclick: retry }, "Try again"),
  );
}

export function notice(kind: "info" | "warning" | "good", ...children: Child[]): HTMLElement {
  return h("div", { class: `notice ${kind}` }, ...children);
}

/** Grey bars where an answer will stand. */
export function waiting(label: string, bars: number): HTMLElement {
  return h(
    "div",
    { class: "waiting", "data-testid": "waiting" },
    h("p", { class: "muted" }, label),
    Array.from({ length: bars }, () => h("div", { class: "bar", "aria-hidden": "true" })),
  );
}

/** Where an answer will stand: keeps its room from the moment of asking, so that nothing in sight moves when the answer comes late. */
export interface Outcome {
  readonly element: HTMLElement;
  /** Grey bars and room. */
  wait(label: string): void;
  /** The answer, in the room that was kept. */
  show(...children: Child[]): void;
  /** Nothing, and no room. */
  clear(): void;
  focus(): void;
}

export function outcome(): Outcome {
  const element = h("div", { class: "outcome", tabindex: "-1" });
  return {
    element,
    wait(label) {
      element.classList.add("asked");
      replace(element, waiting(label, 2));
    },
    show: (...children) => replace(element, ...children),
    clear() {
      element.classList.remove("asked");
      replace(element);
    },
    focus: () => element.focus(),
  };
}

/** A button with two labels, one of which is seen; it is as wide as the wider one, so it stays as it is while it works. */
export function busyButton(type: "submit" | "button", className: string, label: string, busy: string): HTMLButtonElement {
  return h("button", { type, class: `${className} two-labels` }, h("span", { class: "idle" }, label), h("span", { class: "busy" }, busy));
}

/**
 * Runs a task once however often its button is pressed. The button keeps the focus while it works, so it is not disabled: it says that
 * it is busy, and further presses do nothing.
 */
export function once(button: HTMLButtonElement, task: () => Promise<void>): () => void {
  let running = false;
  return () => {
    if (running) return;
    running = true;
    button.setAttribute("aria-disabled", "true");
    announce(button.querySelector(".busy")?.textContent ?? "");
    void task().finally(() => {
      running = false;
      button.removeAttribute("aria-disabled");
    });
  };
}
