// Columns and middles for the benches' tables.

/** The first column to the left, the others to the right. */
export function row(first: string, ...rest: readonly (string | number)[]): void {
  console.log(first.padEnd(46) + rest.map((cell) => String(cell).padStart(14)).join(""));
}

/** The value below which this share of them lies. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const value = sorted[Math.min(Math.floor(sorted.length * share), sorted.length - 1)];
  if (value === undefined) throw new Error("nothing was measured");
  return value;
}

export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

/** Milliseconds without decimals that mean nothing. */
export function ms(value: number): string {
  return value.toFixed(value < 10 ? 2 : 0);
}
