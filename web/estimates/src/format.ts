// Money, days and spans of time in a reader's language, by `Intl`. A wrong language or currency never throws: the text is plainer then.
// What this module must not know: estimates, elements, texts of this package.

// ISO 4217's minor units; `Intl` is not asked because browsers follow CLDR, which has other ones for some (IQD).
const DIGITS: Record<string, number> = {};
for (const code of "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF".split(" ")) DIGITS[code] = 0;
for (const code of "BHD IQD JOD KWD LYD OMR TND".split(" ")) DIGITS[code] = 3;
for (const code of "CLF UYW".split(" ")) DIGITS[code] = 4;

/** How many decimals the minor unit of an ISO 4217 currency stands for: USD 2, JPY 0, KWD 3. */
export function minorDigits(currency: string): number {
  return DIGITS[currency] ?? 2;
}

const DAY = 86_400_000;

function tried<T>(attempt: () => T, otherwise: () => T): T {
  try {
    return attempt();
  } catch {
    return otherwise();
  }
}

/** `minor` units of a currency: 1240 of USD is "$12.40". */
export function formatMoney(minor: number, currency: string, locale?: string): string {
  const digits = minorDigits(currency);
  const amount = Number(`${minor}e-${digits}`);
  const options = { style: "currency", currency, minimumFractionDigits: digits, maximumFractionDigits: digits } as const;
  return tried(
    () => new Intl.NumberFormat(locale, options).format(amount),
    () => `${amount.toFixed(digits)} ${currency}`.trim(),
  );
}

export type Length = "short" | "long";

/** A day, or the first and last of a range, as YYYY-MM-DD: "Thu 26 Nov – Sat 28 Nov". */
export function formatDays(first: string, last: string, locale?: string, length: Length = "short"): string {
  // Calendar days have no time zone; at noon UTC they are themselves.
  const [from, to] = [new Date(`${first}T12:00:00Z`), new Date(`${last}T12:00:00Z`)];
  const options = { weekday: length, day: "numeric", month: length, timeZone: "UTC" } as const;
  return tried(
    () => {
      const format = new Intl.DateTimeFormat(locale, options);
      return +to - +from < DAY ? format.format(from) : format.formatRange(from, to);
    },
    () => (first === last ? first : `${first} – ${last}`),
  );
}

/** A moment in the reader's own time zone, with its day unless that is today's. */
export function formatMoment(moment: Date, now: Date, locale?: string): string {
  const today = moment.toDateString() === now.toDateString();
  const day = today ? {} : ({ weekday: "long", day: "numeric", month: "long" } as const);
  return tried(
    () => new Intl.DateTimeFormat(locale, { ...day, hour: "numeric", minute: "2-digit" }).format(moment),
    () => moment.toLocaleString(),
  );
}

/** Rounded down, so that it never says more time than there is: "2 hr, 14 min"; the last minute in seconds. */
export function formatSpan(seconds: number, locale?: string): string {
  const left = Math.max(0, Math.floor(seconds));
  const [days, hours, minutes] = [Math.floor(left / 86_400), Math.floor(left / 3_600) % 24, Math.floor(left / 60) % 60];
  const part = (value: number, unit: string) =>
    tried(
      () => new Intl.NumberFormat(locale, { style: "unit", unit, unitDisplay: "short" }).format(value),
      () => `${value} ${unit}`,
    );
  if (left < 60) return part(left, "second");
  const parts: string[] = [];
  if (days) parts.push(part(days, "day"));
  if (hours) parts.push(part(hours, "hour"));
  // Of more than a day minutes are noise.
  if (minutes && !days) parts.push(part(minutes, "minute"));
  return tried(
    () => new Intl.ListFormat(locale, { type: "unit", style: "narrow" }).format(parts),
    () => parts.join(" "),
  );
}

/** Milliseconds until `formatSpan` of so many seconds changes. */
export function spanChanges(seconds: number): number {
  const step = seconds <= 60 ? 1 : seconds > 86_400 ? 3_600 : 60;
  // Just behind the change, not just before it.
  return (seconds % step) * 1_000 + 20;
}
