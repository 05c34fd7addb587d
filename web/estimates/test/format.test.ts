import assert from "node:assert/strict";
import { test } from "node:test";
import { formatDays, formatMoment, formatMoney, formatSpan, minorDigits, spanChanges } from "../src/format.js";

/** `Intl` uses several kinds of space, and they change between versions. */
const plain = (text: string) => text.replace(/[\u00a0\u202f\u2009]/g, " ").replace(/[\u200e\u200f\u061c]/g, "");

test("money has the digits of its currency's minor unit", () => {
  assert.equal(formatMoney(1240, "USD", "en"), "$12.40");
  assert.equal(formatMoney(1240, "JPY", "en"), "¥1,240");
  assert.equal(plain(formatMoney(1240, "KWD", "en")), "KWD 1.240");
  assert.equal(plain(formatMoney(1240, "IQD", "en")), "IQD 1.240");
  assert.equal(plain(formatMoney(1240, "EUR", "de")), "12,40 €");
  assert.equal(formatMoney(100_000_000_000_000, "USD", "en"), "$1,000,000,000,000.00");
  assert.deepEqual(["USD", "JPY", "KWD", "CLF", "XXX"].map(minorDigits), [2, 0, 3, 4, 2]);
});

test("days are calendar days: no time zone moves them", () => {
  const zone = process.env["TZ"];
  for (const TZ of ["Pacific/Kiritimati", "Pacific/Pago_Pago", "UTC"]) {
    process.env["TZ"] = TZ;
    assert.equal(plain(formatDays("2026-11-26", "2026-11-28", "en-GB")), "Thu 26 Nov – Sat 28 Nov");
    assert.equal(formatDays("2026-11-26", "2026-11-26", "en-US"), "Thu, Nov 26");
  }
  if (zone === undefined) delete process.env["TZ"];
  else process.env["TZ"] = zone;
});

test("a span is rounded down, and never says more time than there is", () => {
  assert.equal(formatSpan(2 * 3600 + 14 * 60 + 59.9, "fr").replace(/\s/g, " "), "2 h 14 min");
  assert.equal(plain(formatSpan(3600, "en")), "1 hr");
  assert.equal(plain(formatSpan(59.9, "en")), "59 sec");
  assert.equal(plain(formatSpan(-5, "en")), "0 sec");
  assert.equal(plain(formatSpan(2 * 86_400 + 5 * 3600 + 60, "en")), "2 days 5 hr");
});

test("a span is looked at again just behind its change", () => {
  for (const seconds of [86_400 * 3 + 17, 7_214.5, 61, 60, 42.3]) {
    const after = seconds - spanChanges(seconds) / 1000;
    assert.notEqual(formatSpan(after, "en"), formatSpan(seconds, "en"));
    assert.ok(spanChanges(seconds) > 0);
  }
});

test("a moment of today has no day", () => {
  const now = new Date(2026, 10, 22, 9, 0);
  assert.equal(plain(formatMoment(new Date(2026, 10, 22, 14, 5), now, "en")), "2:05 PM");
  assert.match(formatMoment(new Date(2026, 10, 23, 14, 5), now, "en"), /Monday/);
});

test("nonsense is written plainly and never thrown", () => {
  for (const locale of ["", "xx-!!", "ﷺ", "en_US"]) {
    assert.match(formatMoney(1240, "USD", locale), /12\.40/);
    assert.equal(typeof formatSpan(90, locale), "string");
  }
  assert.equal(formatMoney(1240, "not money", "en"), "12.40 not money");
  assert.equal(formatDays("soon", "later", "en"), "soon – later");
  assert.equal(typeof formatMoment(new Date(NaN), new Date(), "en"), "string");
});
