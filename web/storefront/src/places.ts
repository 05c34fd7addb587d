// Addresses: written in a line, and where they lie, roughly: what a platform's geocoder would say. Routing reads distances, and a postal address alone has none.
// One point for each state at its largest city, and for each country at its largest city or middle, is near enough for a demo: the bands
// of routing are hundreds of kilometres wide.

export interface Coordinates {
  /** In millionths of a degree. */
  readonly latitude: number;
  readonly longitude: number;
}

const STATES: Readonly<Record<string, readonly [name: string, latitude: number, longitude: number]>> = {
  AL: ["Alabama", 33.52, -86.8],
  AK: ["Alaska", 61.22, -149.9],
  AZ: ["Arizona", 33.45, -112.07],
  AR: ["Arkansas", 34.74, -92.33],
  CA: ["California", 34.05, -118.24],
  CO: ["Colorado", 39.74, -104.98],
  CT: ["Connecticut", 41.18, -73.19],
  DE: ["Delaware", 39.75, -75.55],
  DC: ["District of Columbia", 38.9, -77.04],
  FL: ["Florida", 30.33, -81.66],
  GA: ["Georgia", 33.75, -84.39],
  HI: ["Hawaii", 21.31, -157.86],
  ID: ["Idaho", 43.62, -116.2],
  IL: ["Illinois", 41.88, -87.63],
  IN: ["Indiana", 39.77, -86.16],
  IA: ["Iowa", 41.59, -93.62],
  KS: ["Kansas", 37.69, -97.34],
  KY: ["Kentucky", 38.25, -85.76],
  LA: ["Louisiana", 29.95, -90.07],
  ME: ["Maine", 43.66, -70.26],
  MD: ["Maryland", 39.29, -76.61],
  MA: ["Massachusetts", 42.36, -71.06],
  MI: ["Michigan", 42.33, -83.05],
  MN: ["Minnesota", 44.98, -93.27],
  MS: ["Mississippi", 32.3, -90.18],
  MO: ["Missouri", 39.1, -94.58],
  MT: ["Montana", 45.78, -108.5],
  NE: ["Nebraska", 41.26, -95.93],
  NV: ["Nevada", 36.17, -115.14],
  NH: ["New Hampshire", 42.99, -71.46],
  NJ: ["New Jersey", 40.74, -74.17],
  NM: ["New Mexico", 35.08, -106.65],
  NY: ["New York", 40.71, -74.01],
  NC: ["North Carolina", 35.23, -80.84],
  ND: ["North Dakota", 46.88, -96.79],
  OH: ["Ohio", 39.96, -83],
  OK: ["Oklahoma", 35.47, -97.52],
  OR: ["Oregon", 45.52, -122.68],
  PA: ["Pennsylvania", 39.95, -75.17],
  RI: ["Rhode Island", 41.82, -71.41],
  SC: ["South Carolina", 32.78, -79.93],
  SD: ["South Dakota", 43.54, -96.73],
  TN: ["Tennessee", 36.16, -86.78],
  TX: ["Texas", 29.76, -95.37],
  UT: ["Utah", 40.76, -111.89],
  VT: ["Vermont", 44.48, -73.21],
  VA: ["Virginia", 36.85, -75.98],
  WA: ["Washington", 47.61, -122.33],
  WV: ["West Virginia", 38.35, -81.63],
  WI: ["Wisconsin", 43.04, -87.91],
  WY: ["Wyoming", 41.14, -104.82],
};

const COUNTRIES: Readonly<Record<string, readonly [name: string, latitude: number, longitude: number]>> = {
  US: ["United States", 39.83, -98.58],
  CA: ["Canada", 43.65, -79.38],
  GB: ["United Kingdom", 51.51, -0.13],
  DE: ["Germany", 52.52, 13.4],
  FR: ["France", 48.86, 2.35],
  JP: ["Japan", 35.68, 139.69],
};

/** Where the shop sells to, as the form offers it. */
export const COUNTRY_CHOICES: readonly { readonly code: string; readonly name: string }[] = Object.entries(COUNTRIES).map(
  ([code, [name]]) => ({ code, name }),
);

/** The states that the form suggests while somebody types. */
export const STATE_CHOICES: readonly { readonly code: string; readonly name: string }[] = Object.entries(STATES).map(([code, [name]]) => ({
  code,
  name,
}));

export function countryName(code: string): string {
  return COUNTRIES[code]?.[0] ?? code;
}

/** Absent for a country that the shop does not sell to. */
export function coordinatesOf(country: string, subdivision: string | undefined): Coordinates | undefined {
  const place = (country === "US" && subdivision !== undefined ? STATES[subdivision] : undefined) ?? COUNTRIES[country];
  if (place === undefined) return undefined;
  return { latitude: Math.round(place[1] * 1e6), longitude: Math.round(place[2] * 1e6) };
}

interface Written {
  readonly name?: string | null;
  readonly lines?: readonly string[];
  readonly city?: string | null;
  readonly subdivision?: string | null;
  readonly postalCode?: string | null;
}

/** An address in one line, without what is missing. */
export function oneLine({ name, lines = [], city, subdivision, postalCode }: Written): string {
  return [name, ...lines, city, subdivision, postalCode].filter(Boolean).join(", ");
}
