// "Who decided, and why": which plugin answered at a step, from which snapshot, in what time, and its reasons in people's words.

import type { Trace } from "../api/client.ts";
import type { Hook, Reason } from "../api/types.ts";
import { append, h, uniqueId, type Child } from "../dom.ts";
import { count } from "../format.ts";

const QUESTIONS: Readonly<Record<Hook, string>> = {
  "address-validations": "Is this address right?",
  quotes: "Which shipping options are there?",
  screenings: "Is this order safe?",
  routings: "Which location ships what?",
  returns: "May it come back?",
};

export interface Shown {
  readonly trace: Trace;
  /** The outcome in a word or two: `accept`. */
  readonly verdict?: string;
  /** In place of the answer's own reasons. */
  readonly reasons?: readonly Child[];
}

/** The panel of a page. Steps at which no plugin was asked say so in `note`. */
export function decidedPanel(shown: readonly Shown[], note?: Child): HTMLElement {
  const heading = uniqueId("decided");
  const panel = h(
    "aside",
    { class: "decided", "aria-labelledby": heading, "data-testid": "who-decided" },
    h("h2", { id: heading }, "Who decided, and why"),
  );
  append(panel, shown.map(decision));
  if (note !== undefined) append(panel, [h("p", { class: "muted" }, note)]);
  return panel;
}

function decision({ trace, verdict, reasons }: Shown): HTMLElement {
  const why = reasons ?? trace.reasons.map(sentence);
  return h(
    "section",
    { class: "decision", "data-hook": trace.hook },
    h("h3", {}, QUESTIONS[trace.hook]),
    verdict !== undefined && h("p", { class: "verdict" }, verdict),
    trace.fallback &&
      h("p", { class: "notice warning" }, `The plugin gave no answer, so the shop's fallback does: ${trace.fallback.message}`),
    h(
      "dl",
      { class: "facts" },
      trace.plugins.map((plugin) => [
        h("dt", {}, "Plugin"),
        h("dd", {}, `${plugin.name} ${plugin.version}`, plugin.failed ? ` (failed: ${plugin.failed.message})` : ""),
        h("dt", {}, "Snapshot"),
        h("dd", {}, h("code", { title: plugin.snapshot }, plugin.snapshot.slice(0, 12))),
      ]),
      trace.micros !== undefined && [h("dt", {}, "Time in the sandbox"), h("dd", {}, `${count(trace.micros)} µs`)],
      trace.fuel !== undefined && [h("dt", {}, "Fuel"), h("dd", {}, count(trace.fuel))],
    ),
    why.length > 0 &&
      h(
        "ul",
        { class: "reasons" },
        why.map((reason) => h("li", {}, reason)),
      ),
  );
}

/** A reason as people read it; its code is there for those who look it up. */
export function sentence(reason: Reason): Child {
  return h("span", { title: reason.code }, reason.message);
}
