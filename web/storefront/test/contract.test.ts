// The hand-written records against the API's own description: every field that the shop reads or writes is there, with a fitting type.

import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { test } from "node:test";

interface Schema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly enum?: readonly string[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly allOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
}

const file = process.env["OPENAPI"] ?? new URL("../openapi.json", import.meta.url).pathname;
const skip = existsSync(file) ? false : "there is no OpenAPI document: xtask writes it, or OPENAPI names one";
const schemas =
  skip === false ? (JSON.parse(readFileSync(file, "utf8")) as { components: { schemas: Record<string, Schema> } }).components.schemas : {};
const source = readFileSync(new URL("../src/api/types.ts", import.meta.url), "utf8");

/** Which schema each record of types.ts is about. */
const RECORDS: Readonly<Record<string, string>> = {
  Address: "Address",
  Dimensions: "Dimensions",
  Line: "Line",
  Figure: "Figure",
  Reason: "Reason",
  LineUnits: "LineUnits",
  Asked: "Asked",
  Failed: "Failed",
  AddressIssue: "AddressValidationIssue",
  AddressAnswer: "Decided_AddressValidationAnswer",
  Placement: "Placement",
  Parcel: "Parcel",
  Quote: "Quote",
  QuotesAnswer: "Decided_ShippingQuoteAnswer",
  ScreeningAnswer: "Decided_OrderScreeningAnswer",
  Shipment: "Shipment",
  RoutingAnswer: "Decided_OrderRoutingAnswer",
  ReturnDecision: "Decision",
  ReturnAnswer: "Decided_ReturnPolicyAnswer",
};

function resolved(schema: Schema): Schema {
  return schema.$ref === undefined ? schema : resolved(schemas[schema.$ref.split("/").at(-1) ?? ""] ?? {});
}

function properties(schema: Schema): Record<string, Schema> {
  const whole = resolved(schema);
  return Object.assign({}, ...(whole.allOf ?? []).map(properties), whole.properties) as Record<string, Schema>;
}

/** The words that a schema may say, whether it is one or may be missing. */
function words(schema: Schema): string[] {
  const whole = resolved(schema);
  return [...(whole.enum ?? []), ...[...(whole.oneOf ?? []), ...(whole.allOf ?? [])].flatMap(words)];
}

/** The fields of a record, as written. Read from the text: TypeScript 7 has no compiler to ask. */
function fields(record: string): { name: string; type: string }[] {
  const body = new RegExp(`export interface ${record}(?: extends \\w+)? \\{([\\s\\S]*?)\\n?\\}(?=\\n)`).exec(source)?.[1] ?? "";
  const plain = body.replace(/\/\*\*[\s\S]*?\*\//g, "").replace(/\{[^{}]*\}(\[\])?/g, (nested) => nested.replaceAll(";", ","));
  return plain.split(";").flatMap((part) => {
    const found = /^\s*(\w+)\??:\s*([\s\S]+?)\s*$/.exec(part);
    return found === null ? [] : [{ name: found[1] ?? "", type: found[2] ?? "" }];
  });
}

for (const [record, schema] of Object.entries(RECORDS)) {
  test(`${record} has the fields that the API's ${schema} has`, { skip }, () => {
    const known = properties({ $ref: schema });
    const own = fields(record);
    assert.ok(own.length > 0, `no fields were read of ${record}`);
    for (const { name, type } of own) {
      const described = known[name];
      assert.ok(described !== undefined, `${schema} has no ${name}`);
      const kinds = [resolved(described).type ?? []].flat();
      if (type.endsWith("[]")) assert.ok(kinds.includes("array"), `${record}.${name} is no list`);
      else if (/^number\b/.test(type)) assert.ok(kinds.includes("integer"), `${record}.${name} is no number`);
      else if (/^boolean\b/.test(type)) assert.ok(kinds.includes("boolean"), `${record}.${name} is no truth`);
      else if (/^string\b/.test(type)) assert.ok(kinds.includes("string"), `${record}.${name} is no text`);
      const wanted = [...type.matchAll(/^(?:"\w+"(?: \| )?)+/g)].flatMap(([union]) =>
        [...union.matchAll(/"(\w+)"/g)].map(([, word]) => word),
      );
      if (wanted.length > 0) assert.deepEqual([...words(described)].sort(), [...wanted].sort(), `${record}.${name}`);
    }
  });
}
