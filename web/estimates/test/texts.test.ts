import assert from "node:assert/strict";
import { test } from "node:test";
import { LONGEST, tidy } from "../src/element/postal.js";
import { fill, language, TEXTS } from "../src/element/texts.js";

const places = (text: string) => [...text.matchAll(/\{\w+\}/g)].map(([place]) => place).sort();

test("every language has every text, with the same places", () => {
  const english = TEXTS["en"]!;
  for (const [name, texts] of Object.entries(TEXTS)) {
    assert.deepEqual(Object.keys(texts).sort(), Object.keys(english).sort(), name);
    for (const key of Object.keys(english) as (keyof typeof english)[]) assert.deepEqual(places(texts[key]), places(english[key]), `${name}.${key}`);
  }
});

test("a button is called by the words that are seen on it", () => {
  for (const [name, { change, changeFrom }] of Object.entries(TEXTS)) {
    assert.ok(changeFrom.toLowerCase().includes(change.toLowerCase()), name);
  }
});

test("a language without texts is English throughout, unless the page brings texts", () => {
  assert.deepEqual([language("nl-BE", undefined).locale, language("de-AT", undefined).locale], ["en", "de-AT"]);
  const own = language("nl-BE", { free: "gratis" });
  assert.deepEqual([own.locale, own.texts.free, own.texts.change], ["nl-BE", "gratis", "Change"]);
});

test("languages that are written from right to left are", () => {
  const directions = ["ar-EG", "he", "fa-IR", "ur", "en", "ja"].map((name) => language(name, {}).direction);
  assert.deepEqual(directions, ["rtl", "rtl", "rtl", "rtl", "ltr", "ltr"]);
});

test("nonsense for a language is English", () => {
  for (const name of ["", "!!", "x", "__proto__", "constructor", "en_US"]) {
    const { locale, texts } = language(name, undefined);
    assert.deepEqual([locale, texts], ["en", TEXTS["en"]], name);
  }
});

test("a place that has no value stays", () => {
  assert.equal(fill("{a} and {b}", { a: "1" }), "1 and {b}");
});

test("a postal code in any script and width becomes what carriers use", () => {
  const same: [string, string][] = [
    ["  97205 ", "97205"],
    ["sw1a 1aa", "SW1A 1AA"],
    ["１００−０００１", "100-0001"],
    ["１００ー０００１", "100-0001"],
    ["１００‐０００１", "100-0001"],
    ["٩٧٢٠٥", "97205"],
    ["९७२०५", "97205"],
    ["97\u200b20\u00ad5", "97205"],
    ["972\u00a005", "972 05"],
    ["𝟗𝟕𝟐𝟎𝟓", "97205"],
  ];
  for (const [typed, code] of same) assert.equal(tidy(typed), code);
});

test("nonsense of any kind and length never throws, and stays short", () => {
  const nonsense = ["", "\u0000", "\ud800", "💥".repeat(1_000), "ﷺ".repeat(100), "<script>", "'; drop table", "\u202e54321", "Z͑ͫ̓ͪ̂ͫ̽͏̴̙̤̞͉͚̯̞̠͍A̴̵̜̰͔ͫ͗͢L".repeat(9)];
  for (const typed of nonsense) assert.ok([...tidy(typed)].length <= LONGEST, typed);
  assert.equal(tidy("\u202e54321"), "54321");
  for (let code = 0; code < 0x11000; code += 1) tidy(String.fromCodePoint(code));
});
