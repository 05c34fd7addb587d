// A postal code as people type and paste it, and its place on this device when they want it kept. What this module must not know:
// which codes exist; the engine says that.

/** Longer than any country's, with room for spaces. */
export const LONGEST = 16;
const STORE = "cartwright.postal-code";

/**
 * What was typed, in the form that carriers use: full-width letters and the digits of any script become ASCII, what cannot be seen goes,
 * and what is too long is cut. Never throws; nonsense stays nonsense, and the engine answers it.
 */
export function tidy(typed: string): string {
  const plain = typed
    .slice(0, 200)
    .normalize("NFKC")
    .replace(/\p{Nd}/gu, (digit) => String(value(digit)))
    .replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}]/gu, "")
    // What Japanese keyboards have in the hyphen's place, too.
    .replace(/[\p{Pd}\u2212\u30fc]/gu, "-")
    .replace(/\s+/gu, " ")
    .trim()
    .toUpperCase();
  return [...plain].slice(0, LONGEST).join("").trim();
}

/** Decimal digits stand in rows of ten, and each row begins with its zero behind what is no digit, or behind another row. */
function value(digit: string): number {
  const code = digit.codePointAt(0) ?? 0;
  let zero = code;
  while (code - zero < 9 && /\p{Nd}/u.test(String.fromCodePoint(zero - 1))) zero -= 1;
  // Only the mathematical digits have rows without a gap, and normalising made ASCII of them.
  return code - zero;
}

/** Kept for this country, if the shopper wanted that. */
export function recall(country: string): string | undefined {
  try {
    const kept = JSON.parse(localStorage.getItem(STORE) ?? "{}") as Record<string, unknown>;
    const code = Object.hasOwn(kept, country) ? kept[country] : undefined;
    return typeof code === "string" ? tidy(code) : undefined;
  } catch {
    // No storage here, or not ours.
    return undefined;
  }
}

/** Keeps a code for this country; `undefined` forgets everything that was kept. */
export function keep(country: string, code: string | undefined): void {
  try {
    if (code) localStorage.setItem(STORE, JSON.stringify({ [country]: code }));
    else localStorage.removeItem(STORE);
  } catch {
    // Storage is full or forbidden: then it is not remembered.
  }
}
