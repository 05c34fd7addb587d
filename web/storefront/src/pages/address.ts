// First step of the checkout: where to. The address is validated; a correction is offered, an error stands at its field.

import { ask, type Trace } from "../api/client.ts";
import { validation, address as addressOf } from "../api/requests.ts";
import type { AddressAnswer, AddressField, AddressIssue } from "../api/types.ts";
import { h, replace } from "../dom.ts";
import { COUNTRY_CHOICES, STATE_CHOICES } from "../places.ts";
import { get, update, type Typed } from "../store.ts";
import { decidedPanel } from "../ui/decided.ts";
import { announce, busyButton, once, outcome, problemBox } from "../ui/feedback.ts";
import { field, radios, summary, type Field } from "../ui/form.ts";
import { orderSummary, steps } from "../ui/summary.ts";
import { go, type RenderPage } from "./page.ts";

const EMPTY: Typed = { email: "", name: "", phone: "", country: "US", line1: "", line2: "", city: "", subdivision: "", postalCode: "" };

/** An address with mistakes: the wrong state, and a street as the post does not write it, to see what validation does. */
const EXAMPLE: Typed = {
  email: "alex.shopper@example.com",
  name: "Alex Shopper",
  phone: "+1 503 555 0142",
  country: "US",
  line1: "1420 Northwest Lovejoy Street",
  line2: "Apartment 12",
  city: "Portland",
  subdivision: "California",
  postalCode: "97209",
};

const VERDICTS: Readonly<Record<AddressAnswer["verdict"], string>> = {
  deliverable: "Deliverable as it stands",
  corrected: "Deliverable once corrected",
  incomplete: "Something is missing",
  undeliverable: "Something is wrong",
  unchecked: "Taken as given, not checked",
};

export const address: RenderPage = ({ signal }) => {
  if (get().cart.length === 0) return { redirect: "/cart" };
  const typed = get().typed ?? { ...EMPTY, postalCode: get().near ?? "" };
  const fields = fieldsFor(typed, () => below.clear());
  const { email, name, country, line1, line2, city, subdivision, postalCode, phone } = fields;
  const errors = summary();
  const below = outcome();
  const panel = h("div", {});
  const explain = (answer: AddressAnswer | undefined, trace: Trace | undefined): void =>
    replace(
      panel,
      trace === undefined
        ? decidedPanel([], "When you continue, the shop's address plugin looks at what you entered.")
        : decidedPanel([answer === undefined ? { trace } : { trace, verdict: VERDICTS[answer.verdict] }]),
    );
  explain(undefined, get().addressTrace);

  const current = (): Typed => ({
    email: email.control.value,
    name: name.control.value,
    phone: phone.control.value,
    country: country.control.value,
    line1: line1.control.value,
    line2: line2.control.value,
    city: city.control.value,
    subdivision: subdivision.control.value,
    postalCode: postalCode.control.value,
  });
  const fill = (values: Typed): void => {
    for (const [key, each] of Object.entries(fields) as [keyof Typed, Field][]) each.control.value = values[key];
  };
  /** Goes on with an address; prices were for another one if it changed. */
  const accept = (to: AddressAnswer["corrected"], trace: Trace): void => {
    update({ address: to, addressTrace: trace, chosen: undefined, quotesTrace: undefined });
    go("/checkout/shipping");
  };

  const submit = busyButton("submit", "button", "Continue to shipping", "Checking the address …");
  const validate = once(submit, async () => {
    const values = current();
    update({ typed: values });
    below.clear();
    for (const each of Object.values(fields)) {
      each.setError(undefined);
      each.setRemark(undefined);
    }
    const missing = missingAt(fields);
    if (missing.length > 0) {
      for (const { field: each, message } of missing) each.setError(message);
      errors.show(missing);
      return;
    }
    errors.show([]);
    below.wait("Checking the address …");
    const asked = await ask("address-validations", validation(values), signal);
    if (signal.aborted) return;
    if (!asked.ok) {
      const at = fieldAt(fields, asked.problem.field);
      at?.setError(asked.problem.detail);
      below.show(problemBox(asked.problem, validate));
      return;
    }
    const { answer, trace } = asked;
    explain(answer, trace);
    const stopped = answer.verdict === "incomplete" || answer.verdict === "undeliverable";
    for (const issue of answer.issues) {
      const each = fieldOf(fields, issue);
      // A correction is shown as a whole; at the fields stands what is only a remark, or what must be put right by hand.
      if (issue.severity === "warning" || (stopped && issue.severity === "info")) each?.setRemark(issue.message);
      if (stopped && issue.suggestion) each?.offer(issue.suggestion);
    }
    switch (answer.verdict) {
      case "deliverable":
      case "unchecked":
        accept(answer.corrected, trace);
        return;
      case "corrected": {
        const box = correction(answer, values, (useIt) => {
          if (useIt) {
            update({ typed: withCorrection(values, answer) });
            accept(answer.corrected, trace);
          } else accept(addressOf(values), trace);
        });
        below.show(box);
        announce("We suggest a correction of the address.");
        below.focus();
        return;
      }
      default: {
        const wrong = answer.issues.flatMap((issue) => {
          const each = fieldOf(fields, issue);
          return issue.severity === "error" && each !== undefined ? [{ field: each, message: issue.message }] : [];
        });
        for (const { field: each, message } of wrong) each.setError(message);
        below.clear();
        errors.show(wrong);
        if (answer.verdict === "undeliverable") {
          below.show(
            h(
              "p",
              {},
              "Sure that it is right? ",
              h(
                "button",
                { type: "button", class: "link", onclick: () => accept(addressOf(values), trace) },
                "Use the address as I typed it",
              ),
            ),
          );
        }
      }
    }
  });

  return {
    title: "Address",
    content: h(
      "div",
      { class: "page with-panel checkout" },
      h(
        "div",
        { class: "step-body" },
        steps("address"),
        h("h1", {}, "Where should it go?"),
        errors.element,
        h(
          "form",
          {
            novalidate: true,
            class: "form",
            onsubmit: (event) => {
              event.preventDefault();
              validate();
            },
          },
          h(
            "p",
            { class: "demo-hint" },
            "In a hurry? ",
            h(
              "button",
              {
                type: "button",
                class: "link",
                onclick: () => {
                  fill(EXAMPLE);
                  below.clear();
                  announce("An example address was filled in.");
                },
              },
              "Fill in an example with mistakes",
            ),
          ),
          h("fieldset", {}, h("legend", {}, "Contact"), email.element),
          h(
            "fieldset",
            { class: "address-fields" },
            h("legend", {}, "Delivery address"),
            name.element,
            country.element,
            line1.element,
            line2.element,
            h("div", { class: "row" }, city.element, subdivision.element, postalCode.element),
            phone.element,
          ),
          h("div", { class: "actions" }, h("a", { href: "#/cart" }, "Back to the cart"), submit),
        ),
        below.element,
      ),
      h("div", { class: "side" }, orderSummary(get().cart, undefined), panel),
    ),
  };
};

type Fields = Readonly<Record<keyof Typed, Field>>;

function fieldsFor(typed: Typed, oninput: () => void): Fields {
  return {
    email: field({
      name: "email",
      label: "E-mail",
      type: "email",
      value: typed.email,
      autocomplete: "email",
      inputmode: "email",
      hint: "For the confirmation. The demo sends none.",
      oninput,
    }),
    name: field({ name: "name", label: "Full name", value: typed.name, autocomplete: "name", oninput }),
    country: field({
      name: "country",
      label: "Country",
      value: typed.country,
      autocomplete: "country",
      choices: COUNTRY_CHOICES.map(({ code, name }) => ({ value: code, label: name })),
      oninput,
    }),
    line1: field({ name: "line1", label: "Street and house number", value: typed.line1, autocomplete: "address-line1", oninput }),
    line2: field({ name: "line2", label: "Apartment, floor", value: typed.line2, autocomplete: "address-line2", required: false, oninput }),
    city: field({ name: "city", label: "City", value: typed.city, autocomplete: "address-level2", oninput }),
    subdivision: field({
      name: "subdivision",
      label: "State or region",
      value: typed.subdivision,
      autocomplete: "address-level1",
      suggestions: STATE_CHOICES.map(({ name }) => name),
      oninput,
    }),
    postalCode: field({ name: "postalCode", label: "Postal code", value: typed.postalCode, autocomplete: "postal-code", oninput }),
    phone: field({
      name: "phone",
      label: "Phone",
      type: "tel",
      value: typed.phone,
      autocomplete: "tel",
      inputmode: "tel",
      required: false,
      hint: "Only for the carrier.",
      oninput,
    }),
  };
}

/** What the shop itself needs; everything else about the address is the plugin's to say. */
function missingAt({ email, name }: Fields): { field: Field; message: string }[] {
  return [
    ...(/^\S+@\S+\.\S+$/.test(email.control.value.trim())
      ? []
      : [{ field: email, message: "Please give an e-mail address, such as name@example.com." }]),
    ...(name.control.value.trim() !== "" ? [] : [{ field: name, message: "Please give the name on the parcel." }]),
  ];
}

const NAMES: Readonly<Partial<Record<AddressField, keyof Typed>>> = {
  country: "country",
  subdivision: "subdivision",
  city: "city",
  postalCode: "postalCode",
  name: "name",
  phone: "phone",
};

function fieldOf(fields: Fields, { field: of, line }: Pick<AddressIssue, "field" | "line">): Field | undefined {
  if (of === "line") return line === 1 ? fields.line2 : fields.line1;
  const name = NAMES[of];
  return name === undefined ? undefined : fields[name];
}

/** The field that a JSON pointer of a refused request means: `/address/postalCode`, `/address/lines/1`. */
function fieldAt(fields: Fields, pointer: string | undefined): Field | undefined {
  const [, of, which, index] = (pointer ?? "").split("/");
  if (of !== "address" || which === undefined) return undefined;
  return fieldOf(fields, { field: (which === "lines" ? "line" : which) as AddressField, line: index === undefined ? null : Number(index) });
}

/** The form as the correction has it, so that coming back shows what was agreed on. */
export function withCorrection(typed: Typed, { corrected }: Pick<AddressAnswer, "corrected">): Typed {
  return {
    ...typed,
    country: corrected.country,
    line1: corrected.lines?.[0] ?? "",
    line2: corrected.lines?.[1] ?? "",
    city: corrected.city ?? "",
    subdivision: corrected.subdivision ?? "",
    postalCode: corrected.postalCode ?? "",
  };
}

function correction(answer: AddressAnswer, typed: Typed, choose: (useIt: boolean) => void): HTMLElement {
  let useIt = true;
  const asTyped = [typed.name, typed.line1, typed.line2, `${typed.city}, ${typed.subdivision} ${typed.postalCode}`].filter(
    (line) => line.trim() !== "",
  );
  const lines = (all: readonly string[]): HTMLElement =>
    h(
      "span",
      { class: "label-lines" },
      all.map((line) => h("span", {}, line)),
    );
  return h(
    "section",
    { class: "notice info correction", "aria-labelledby": "correction", "data-testid": "correction" },
    h("h2", { id: "correction" }, "Is this what you meant?"),
    h(
      "ul",
      {},
      answer.issues.filter(({ applied }) => applied).map(({ message }) => h("li", {}, message)),
    ),
    radios(
      "Deliver to",
      "which-address",
      [
        { value: "corrected", checked: true, label: h("span", {}, h("strong", {}, "The suggested address"), lines(answer.label)) },
        { value: "typed", checked: false, label: h("span", {}, h("strong", {}, "What I typed"), lines(asTyped)) },
      ],
      (value) => {
        useIt = value === "corrected";
      },
    ),
    h("button", { type: "button", class: "button", onclick: () => choose(useIt) }, "Use this address"),
  );
}
