import assert from "node:assert/strict";
import { test } from "node:test";
import type { Question } from "../src/generated/types.js";
import { problemOf } from "../src/problem.js";
import { checkQuestion } from "../src/question.js";
import { QUESTION } from "./support.js";

function field(question: unknown): string | undefined {
  try {
    checkQuestion(question as Question);
    return undefined;
  } catch (error) {
    const problem = problemOf(error, "not ours");
    assert.equal(problem.code, "BAD_QUESTION");
    return problem.field ?? "";
  }
}
const line = (changes: object) => ({ ...QUESTION, lines: [{ ...QUESTION.lines[0], ...changes }] });

test("a question of the right form passes, with and without what may be left out", () => {
  assert.equal(field(QUESTION), undefined);
  assert.equal(field({ ...line({ size: { length: 1, width: 2, height: 3 }, tags: ["x"], discount: 5 }), at: "2026-11-22T04:00:00Z" }), undefined);
});

test("a number that does not fit is named with its place, not turned into another", () => {
  for (const quantity of [-1, 1.5, NaN, 2 ** 32, "3", null]) assert.equal(field(line({ quantity })), "/lines/0/quantity");
  assert.equal(field(line({ unitPrice: 2 ** 60 })), "/lines/0/unitPrice");
  assert.equal(field(line({ size: { length: 1, width: -2, height: 3 } })), "/lines/0/size/width");
});

test("what is missing or of another type is named, however deep", () => {
  for (const wrong of [undefined, null, 5, "cart"]) assert.equal(field(wrong), "");
  assert.equal(field({ ...QUESTION, lines: undefined }), "/lines");
  assert.equal(field({ ...QUESTION, destination: {} }), "/destination/country");
  assert.equal(field({ ...QUESTION, at: "soon" }), "/at");
  assert.equal(field({ ...QUESTION, stock: [{ location: "reno", available: [1, -1] }] }), "/stock/0/available/1");
  assert.equal(field(line({ rotation: "sideways" })), "/lines/0/rotation");
});
