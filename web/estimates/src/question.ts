// Whether a question has the form that its type says: pages are also written in JavaScript, and a number that does not fit would become
// another one on its way into the wasm. What this module must not know: what makes sense to a shop; the engine says that.
import type { Question } from "./generated/types.js";
import { Trouble } from "./problem.js";

type Form = { [field: string]: Check };
type Check = Form | [Check] | ((value: unknown) => boolean);

const whole = (least: number, most: number) => (value: unknown) =>
  Number.isInteger(value) && (value as number) >= least && (value as number) <= most;
const text = (value: unknown) => typeof value === "string";
const flag = (value: unknown) => typeof value === "boolean";
const u32 = whole(0, 2 ** 32 - 1);
const i32 = whole(-(2 ** 31), 2 ** 31 - 1);
const money = Number.isSafeInteger as (value: unknown) => boolean;
const moment = (value: unknown) => typeof value === "string" && !Number.isNaN(Date.parse(value));

// A name with "!" must be there.
const QUESTION: Form = {
  at: moment,
  "destination!": {
    ...{ "country!": text, subdivision: text, postalCode: text, residential: flag },
    coordinates: { "latitude!": i32, "longitude!": i32 },
  },
  "lines!": [
    {
      ...{ "id!": text, "sku!": text, "quantity!": u32, "unitPrice!": money, discount: money, "weight!": u32 },
      size: { "length!": u32, "width!": u32, "height!": u32 },
      rotation: (value) => ["any", "upright", "fixed"].includes(value as string),
      ...{ fragile: flag, shipsAlone: flag, hazardous: flag, physical: flag, tags: [text] },
    },
  ],
  stock: [{ "location!": text, "available!": [u32] }],
  customerTags: [text],
  tags: [text],
};

function check(value: unknown, form: Check, place: string): void {
  if (Array.isArray(form)) {
    if (!Array.isArray(value)) refuse(value, place);
    value.forEach((one, index) => check(one, form[0], `${place}/${index}`));
  } else if (typeof form === "function") {
    if (!form(value)) refuse(value, place);
  } else {
    if (typeof value !== "object" || !value) refuse(value, place);
    for (const [name, inner] of Object.entries(form)) {
      const field = name.replace("!", "");
      const one = (value as Record<string, unknown>)[field];
      if (one !== undefined || name !== field) check(one, inner, `${place}/${field}`);
    }
  }
}

function refuse(value: unknown, place: string): never {
  let shown = String(typeof value === "object" ? value && "an object" : value);
  if (shown.length > 40) shown = `${shown.slice(0, 40)}…`;
  throw new Trouble("BAD_QUESTION", `${shown} does not fit the type of ${place || "a question"}`, place);
}

/** @throws {Trouble} `BAD_QUESTION` with the field */
export function checkQuestion(question: Question): void {
  check(question, QUESTION, "");
}
