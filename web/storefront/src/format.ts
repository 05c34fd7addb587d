// Figures as people read them. Money comes in minor units, weights in grams, lengths in millimetres, days as YYYY-MM-DD.

const LOCALE = "en-US";

/** `$549.95`: the currency itself says how many digits it has (JPY none, KWD three). */
export function money(minor: number, currency = "USD"): string {
  const format = new Intl.NumberFormat(LOCALE, { style: "currency", currency });
  const digits = format.resolvedOptions().maximumFractionDigits ?? 2;
  return format.format(minor / 10 ** digits);
}

/** A price that may be nothing. */
export function price(minor: number, currency = "USD"): string {
  return minor === 0 ? "Free" : money(minor, currency);
}

/** `Thu, Nov 26`. A calendar day has no time zone, so it is read and written in UTC. */
export function day(date: string): string {
  const parsed = new Date(`${date}T00:00:00Z`);
  if (Number.isNaN(parsed.getTime())) return date;
  return new Intl.DateTimeFormat(LOCALE, { weekday: "short", month: "short", day: "numeric", timeZone: "UTC" }).format(parsed);
}

/** `Sun, Jan 31, 2027`: a day far off, with its year. */
export function farDay(date: string): string {
  return `${day(date)}, ${date.slice(0, 4)}`;
}

/** `Fri, Nov 27 – Mon, Nov 30`, or one day when both are the same. */
export function days(earliest: string, latest: string): string {
  return earliest === latest ? day(earliest) : `${day(earliest)} – ${day(latest)}`;
}

/** `Mon, Nov 23, 2:00 PM`: an instant on the shopper's own clock. */
export function moment(instant: string, timeZone?: string): string {
  const parsed = new Date(instant);
  if (Number.isNaN(parsed.getTime())) return instant;
  const form: Intl.DateTimeFormatOptions = { weekday: "short", month: "short", day: "numeric", hour: "numeric", minute: "2-digit" };
  return new Intl.DateTimeFormat(LOCALE, timeZone === undefined ? form : { ...form, timeZone }).format(parsed);
}

/** `375 g`, `2.7 kg`; a unit stays on its figure's line. */
export function weight(grams: number): string {
  return grams < 1000 ? `${grams}\u00a0g` : `${decimal(grams / 1000, 1)}\u00a0kg`;
}

/** `0.47 kg CO₂e`. */
export function emissions(grams: number): string {
  return `${decimal(grams / 1000, 2)}\u00a0kg\u00a0CO₂e`;
}

export interface Sides {
  readonly length: number;
  readonly width: number;
  readonly height: number;
}

/** `62 × 36 × 26 cm`. */
export function sides(size: Sides): string {
  return `${decimal(size.length / 10, 1)} × ${decimal(size.width / 10, 1)} × ${decimal(size.height / 10, 1)} cm`;
}

/** `171,154`. */
export function count(value: number): string {
  return new Intl.NumberFormat(LOCALE).format(value);
}

/** `1 item`, `3 items`. */
export function plural(value: number, one: string, many = `${one}s`): string {
  return `${count(value)} ${value === 1 ? one : many}`;
}

function decimal(value: number, digits: number): string {
  return new Intl.NumberFormat(LOCALE, { maximumFractionDigits: digits }).format(value);
}

/** The calendar day so many days after this one. */
export function daysAfter(date: string, extra: number): string {
  const parsed = new Date(`${date.slice(0, 10)}T00:00:00Z`);
  parsed.setUTCDate(parsed.getUTCDate() + extra);
  return parsed.toISOString().slice(0, 10);
}
