// Carts, destinations and moments for the agreement between browser and server: ordinary ones, and those where rules meet. All from a seed.

import type { Destination, Line, Question } from "@cartwright/estimates";
import type { Random } from "./random.js";

/** Goods that a shop of the demo's kind sells: sku, minor units, grams, millimetres. */
const GOODS: readonly (Omit<Line, "id" | "quantity">)[] = [
  { sku: "MSR-HUBBA-HUBBA-2", unitPrice: 54995, weight: 1470, size: { length: 510, width: 130, height: 130 } },
  { sku: "MSR-POCKETROCKET-2", unitPrice: 5995, weight: 110, size: { length: 125, width: 65, height: 60 } },
  { sku: "MSR-ISOPRO-8OZ", unitPrice: 795, weight: 375, size: { length: 112, width: 112, height: 92 }, rotation: "upright", hazardous: true },
  { sku: "LODGE-DUTCH-OVEN-5QT", unitPrice: 6990, weight: 6000, size: { length: 340, width: 280, height: 190 }, rotation: "upright" },
  { sku: "LIGHT-MY-FIRE-SPORK", unitPrice: 399, weight: 10, size: { length: 170, width: 38, height: 15 } },
  { sku: "NOTNEUTRAL-LINO-CUP-6OZ", unitPrice: 1600, weight: 270, size: { length: 115, width: 90, height: 75 }, fragile: true },
  { sku: "BREVILLE-BAMBINO-PLUS", unitPrice: 49995, weight: 5200, size: { length: 320, width: 195, height: 310 }, shipsAlone: true },
  { sku: "POSTER", unitPrice: 2500, weight: 180, size: { length: 990, width: 70, height: 70 }, rotation: "fixed" },
  { sku: "GIFT-CARD", unitPrice: 2500, weight: 0, physical: false },
  { sku: "MYSTERY", unitPrice: 1200, weight: 640 },
  { sku: "ANVIL", unitPrice: 18000, weight: 52000, size: { length: 420, width: 180, height: 240 } },
];

const TAGS = ["no-export", "category:kitchen", "final-sale", "gift"];

/** Real places beside those that only look like one. */
const POSTAL_CODES: Readonly<Record<string, readonly string[]>> = {
  US: ["97209", "94107", "11201-1234", "43217", "89506", "99501", "96813", "00901", "09012", "60601", "83001", "81611"],
  CA: ["H2Y 1C6", "h2y1c6", "M5V 2T6", "Y1A 1A1"],
  GB: ["SW1A 1AA", "sw1a1aa", "BT1 5GS", "GY1 1AA"],
  DE: ["10115", "27498", "80331"],
  FR: ["75001", "98000", "20000"],
  JP: ["604-8571", "6048571", "900-0001"],
  AU: ["2898", "2000", "0872"],
  IE: ["D02 X285"],
  BR: ["01001-000"],
};

/** What people, keyboards and attackers put into a field for a postal code. */
export const NONSENSE: readonly string[] = [
  "", " ", "-", "١٢٣٤٥", "９７２０９", "५४३२१", "東京都", "צפון", "ไม่รู้", "абвгд", "🏔️🏔️", "e\u0301".repeat(8), "\u202e90279", "\u0000", "<b>97209</b>",
  "' OR 1=1 --", "9".repeat(300), "97209\n97210", "\ud800", "NaN", "-1", "97 209", "null",
];

export function randomDestination(random: Random): Destination {
  const country = random.chance(0.7) ? "US" : random.one(Object.keys(POSTAL_CODES));
  const destination: Destination = { country };
  if (random.chance(0.06)) destination.postalCode = random.one(NONSENSE.filter((text) => text !== "\ud800"));
  else if (country === "US" && random.chance(0.6)) destination.postalCode = String(random.between(500, 99950)).padStart(5, "0");
  else if (random.chance(0.95)) destination.postalCode = random.one(POSTAL_CODES[country] ?? []);
  if (random.chance(0.4)) destination.residential = random.chance(0.5);
  if (country === "US" && random.chance(0.3)) destination.subdivision = random.one(["OR", "CA", "NY", "AK", "HI", "PR"]);
  if (random.chance(0.15)) {
    destination.coordinates = { latitude: random.between(-90_000_000, 90_000_000), longitude: random.between(-180_000_000, 180_000_000) };
  }
  return destination;
}

function randomLine(random: Random, id: string): Line {
  const quantity = random.chance(0.9) ? random.between(1, 3) : random.between(4, 60);
  const line: Line = { id, quantity, ...random.one(GOODS) };
  if (random.chance(0.25)) line.unitPrice = random.between(0, 20_000);
  if (random.chance(0.15)) line.discount = random.between(0, line.unitPrice);
  if (random.chance(0.3)) line.weight = random.chance(0.01) ? 0 : random.between(1, 4_000);
  if (random.chance(0.3)) line.size = { length: random.between(1, 700), width: random.between(1, 400), height: random.between(1, 300) };
  if (random.chance(0.1)) line.rotation = random.one(["any", "upright", "fixed"]);
  if (random.chance(0.05)) line.hazardous = true;
  if (random.chance(0.05)) line.fragile = true;
  if (random.chance(0.05)) line.tags = [random.one(TAGS)];
  return line;
}

/** A question for this moment (an RFC 3339 timestamp), asked of a shop with these locations. */
export function randomQuestion(random: Random, at: string, locations: readonly string[]): Question {
  const count = random.chance(0.85) ? random.between(1, 5) : random.between(6, 14);
  const lines = Array.from({ length: count }, (_, index) => randomLine(random, String(index + 1)));
  const question: Question = { at, destination: randomDestination(random), lines };
  if (random.chance(0.4)) {
    const known = locations.filter(() => random.chance(0.85));
    question.stock = known.map((location) => ({ location, available: lines.map(({ quantity }) => (random.chance(0.15) ? random.between(0, quantity) : quantity + random.between(0, 40))) }));
  }
  if (random.chance(0.1)) question.customerTags = [random.one(["wholesale", "vip"])];
  if (random.chance(0.1)) question.tags = [random.one(["gift", "subscription"])];
  return question;
}

/** The cart that the server's and the sandbox's benches measure with, of so many lines: the same figures as `cart` in tests/src/lib.rs. */
export function benchCart(lines: number): Question {
  const line = (index: number): Line => ({
    id: `line-${index}`, sku: `SKU-${index}`, quantity: 1 + (index % 2), unitPrice: 1299, weight: 180 + 40 * (index % 7),
    size: { length: 100 + 10 * (index % 5), width: 80, height: 40 + 10 * (index % 3) }, tags: ["category:kitchen"],
  });
  return {
    destination: {
      country: "US", subdivision: "CA", postalCode: "94107", residential: true,
      coordinates: { latitude: 37_766_000, longitude: -122_396_000 },
    },
    lines: Array.from({ length: lines }, (_, index) => line(index)),
    stock: [],
  };
}

/** The cart of most tests: one mug to Portland, Oregon. With stock that nobody knows, so that no hints are filled in. */
export function oneMug(): Question {
  return {
    destination: { country: "US", subdivision: "OR", postalCode: "97209", residential: true },
    lines: [{ id: "1", sku: "NOTNEUTRAL-LINO-CUP-6OZ", quantity: 1, unitPrice: 1600, weight: 270, size: { length: 115, width: 90, height: 75 }, fragile: true }],
    stock: [],
  };
}
