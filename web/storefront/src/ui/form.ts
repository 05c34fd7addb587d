// Form fields with their labels, hints and errors: the error stands under its field, is tied to it for those who hear it, and a summary
// on top leads to each.

import { h, replace, uniqueId } from "../dom.ts";

export type Control = HTMLInputElement | HTMLSelectElement;

export interface Field {
  readonly name: string;
  readonly label: string;
  readonly element: HTMLElement;
  readonly control: Control;
  /** Shows an error, or takes it away. */
  setError(message: string | undefined): void;
  /** Shows a remark that does not stop anybody. */
  setRemark(message: string | undefined): void;
  /** Offers a value that one press takes over. */
  offer(value: string): void;
}

interface Options {
  readonly name: string;
  readonly label: string;
  readonly value?: string;
  readonly type?: string;
  readonly autocomplete?: string;
  readonly required?: boolean;
  readonly hint?: string;
  readonly inputmode?: string;
  /** Suggestions while typing. */
  readonly suggestions?: readonly string[];
  /** Makes it a choice instead of a line of text. */
  readonly choices?: readonly { readonly value: string; readonly label: string }[];
  /** Called while typing, not when the field is left: what it changes on the page must not move a button that is just being pressed. */
  readonly oninput?: () => void;
}

export function field(options: Options): Field {
  const id = uniqueId(options.name);
  const [hintId, errorId, remarkId, listId] = [`${id}-hint`, `${id}-error`, `${id}-remark`, `${id}-list`];
  const common = {
    id,
    name: options.name,
    autocomplete: options.autocomplete,
    "aria-required": options.required ? "true" : undefined,
    oninput: () => options.oninput?.(),
  };
  const control: Control =
    options.choices === undefined
      ? h("input", {
          ...common,
          type: options.type ?? "text",
          value: options.value,
          inputmode: options.inputmode,
          list: options.suggestions ? listId : undefined,
          maxlength: 200,
        })
      : h(
          "select",
          common,
          options.choices.map(({ value, label }) => h("option", { value, selected: value === options.value }, label)),
        );
  const error = h("p", { id: errorId, class: "field-error" });
  const remark = h("p", { id: remarkId, class: "field-remark" });
  let [errorText, remarkText] = ["", ""];
  const offers = h("div", { class: "offers" });
  const describe = (): void => {
    const ids = [options.hint === undefined ? "" : hintId, errorText === "" ? "" : errorId, remarkText === "" ? "" : remarkId].filter(
      (each) => each !== "",
    );
    if (ids.length === 0) control.removeAttribute("aria-describedby");
    else control.setAttribute("aria-describedby", ids.join(" "));
  };
  describe();
  return {
    name: options.name,
    label: options.label,
    control,
    element: h(
      "div",
      { class: `field field-${options.name}` },
      h("label", { for: id }, options.label, options.required === false && h("span", { class: "muted" }, " (optional)")),
      options.hint !== undefined && h("p", { id: hintId, class: "muted hint" }, options.hint),
      control,
      options.suggestions !== undefined &&
        h(
          "datalist",
          { id: listId },
          options.suggestions.map((value) => h("option", { value })),
        ),
      error,
      remark,
      offers,
    ),
    offer(value) {
      replace(
        offers,
        h(
          "button",
          {
            type: "button",
            class: "link",
            onclick: () => {
              control.value = value;
              replace(offers);
              control.focus();
            },
          },
          `Use “${value}”`,
        ),
      );
    },
    setError(message) {
      if (message === undefined) replace(offers);
      errorText = message ?? "";
      error.textContent = errorText;
      if (errorText === "") control.removeAttribute("aria-invalid");
      else control.setAttribute("aria-invalid", "true");
      describe();
    },
    setRemark(message) {
      remarkText = message ?? "";
      remark.textContent = remarkText;
      describe();
    },
  };
}

/** The list of what is wrong, each a link to its field. Empty while nothing is. */
export function summary(): {
  readonly element: HTMLElement;
  show(errors: readonly { readonly field: Field; readonly message: string }[]): void;
} {
  const element = h("div", { class: "summary", tabindex: "-1" });
  return {
    element,
    show(errors) {
      if (errors.length === 0) {
        replace(element);
        return;
      }
      replace(
        element,
        h(
          "div",
          { class: "notice error" },
          h("h2", {}, errors.length === 1 ? "One thing needs your attention" : `${errors.length} things need your attention`),
          h(
            "ul",
            {},
            errors.map(({ field: wrong, message }) =>
              h(
                "li",
                {},
                h(
                  "a",
                  {
                    href: `#${wrong.control.id}`,
                    onclick: (event) => {
                      event.preventDefault();
                      wrong.control.focus();
                    },
                  },
                  `${wrong.label}: ${message}`,
                ),
              ),
            ),
          ),
        ),
      );
      element.focus();
    },
  };
}

export interface RadioChoice {
  readonly value: string;
  readonly label: HTMLElement | string;
  readonly checked: boolean;
}

/** A group of radio buttons, each a card. */
export function radios(
  legend: string,
  name: string,
  choices: readonly RadioChoice[],
  onchange: (value: string) => void,
): HTMLFieldSetElement {
  return h(
    "fieldset",
    { class: "choices" },
    h("legend", {}, legend),
    choices.map(({ value, label, checked }) => {
      const id = uniqueId(name);
      return h(
        "div",
        { class: "choice" },
        h("input", { type: "radio", id, name, value, checked, onchange: () => onchange(value) }),
        h("label", { for: id }, label),
      );
    }),
  );
}
