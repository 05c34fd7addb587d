// What the shop sells and what lies where: static figures, so that the demo is the same every time. Sizes and weights are those of
// the demo's carts in xtask/demo. Knows neither the API nor the page.

export interface Product {
  /** In the product page's address. */
  readonly slug: string;
  readonly sku: string;
  readonly name: string;
  readonly kind: string;
  readonly blurb: string;
  readonly facts: readonly string[];
  /** In cents. */
  readonly price: number;
  /** In grams. */
  readonly weight: number;
  /** In millimetres. */
  readonly size: { readonly length: number; readonly width: number; readonly height: number };
  readonly rotation?: "upright";
  readonly fragile?: true;
  readonly hazardous?: true;
  /** The shop's classes, which return and screening rules read. */
  readonly tags: readonly string[];
  /** Units on the shelves of each location. */
  readonly stock: Readonly<Record<LocationId, number>>;
}

export type LocationId = "reno" | "columbus" | "portland";

export interface ShopLocation {
  readonly id: LocationId;
  readonly name: string;
  readonly kind: "warehouse" | "thirdPartyLogistics" | "store";
  readonly subdivision: string;
}

export const CURRENCY = "USD";

/** What free Ground shipping is advertised from, in cents. The plugin decides; this is the sentence in the header. */
export const FREE_FROM = 7500;

export const LOCATIONS: readonly ShopLocation[] = [
  { id: "reno", name: "Reno warehouse, Nevada", kind: "warehouse", subdivision: "NV" },
  { id: "columbus", name: "Columbus warehouse, Ohio", kind: "thirdPartyLogistics", subdivision: "OH" },
  { id: "portland", name: "Portland store, Oregon", kind: "store", subdivision: "OR" },
];

export const PRODUCTS: readonly Product[] = [
  {
    slug: "two-person-tent",
    sku: "MSR-HUBBA-HUBBA-2",
    name: "Two-person tent",
    kind: "Shelter",
    blurb: "Freestanding, two doors, two vestibules, and room to sit up in the rain.",
    facts: ["Packs to the size of a loaf of bread, twice", "1.47 kg with poles and pegs", "Floor 2.1 × 1.3 m"],
    price: 54995,
    weight: 1470,
    size: { length: 510, width: 130, height: 130 },
    tags: ["category:tents"],
    stock: { reno: 4, columbus: 9, portland: 3 },
  },
  {
    slug: "pocket-stove",
    sku: "MSR-POCKETROCKET-2",
    name: "Pocket stove",
    kind: "Camp kitchen",
    blurb: "Folds smaller than a fist and boils a litre in three and a half minutes.",
    facts: ["Screws onto any threaded canister", "Serrated pot supports", "73 g without its case"],
    price: 5995,
    weight: 110,
    size: { length: 125, width: 65, height: 60 },
    tags: ["category:stoves"],
    stock: { reno: 14, columbus: 40, portland: 4 },
  },
  {
    slug: "gas-canister",
    sku: "MSR-ISOPRO-8OZ",
    name: "Gas canister, 8 oz",
    kind: "Camp kitchen",
    blurb: "Isobutane and propane that still burn on a frosty morning.",
    facts: ["A dangerous good: it may not fly, and not every carrier takes it", "Travels upright", "227 g of fuel"],
    price: 795,
    weight: 375,
    size: { length: 112, width: 112, height: 92 },
    rotation: "upright",
    hazardous: true,
    tags: ["category:fuel"],
    stock: { reno: 60, columbus: 25, portland: 6 },
  },
  {
    slug: "dutch-oven",
    sku: "LODGE-DUTCH-OVEN-5QT",
    name: "Dutch oven, 5 qt",
    kind: "Camp kitchen",
    blurb: "Cast iron for bread in the embers and stew for six.",
    facts: ["Seasoned, ready to cook", "6 kg: heavier than it looks", "The lid is a griddle"],
    price: 6990,
    weight: 6000,
    size: { length: 340, width: 280, height: 190 },
    rotation: "upright",
    tags: ["category:kitchen"],
    stock: { reno: 5, columbus: 0, portland: 2 },
  },
  {
    slug: "steel-bottle",
    sku: "STANLEY-CLASSIC-1.5QT",
    name: "Steel vacuum bottle",
    kind: "Last season",
    blurb: "Keeps coffee hot until tomorrow. Last season's green, so it is a final sale.",
    facts: ["Final sale: it cannot be returned unless it arrives broken or wrong", "1.4 litres", "The cup is the cap"],
    price: 4500,
    weight: 860,
    size: { length: 362, width: 132, height: 132 },
    tags: ["category:kitchen", "final-sale"],
    stock: { reno: 0, columbus: 18, portland: 1 },
  },
  {
    slug: "spork",
    sku: "LIGHT-MY-FIRE-SPORK",
    name: "Spork",
    kind: "Camp kitchen",
    blurb: "Spoon, fork and knife in one piece that weighs nothing to speak of.",
    facts: ["10 g", "Comes in whatever colour is on top", "Dishwasher-safe"],
    price: 399,
    weight: 10,
    size: { length: 170, width: 38, height: 15 },
    tags: ["category:kitchen"],
    stock: { reno: 200, columbus: 150, portland: 40 },
  },
  {
    slug: "espresso-machine",
    sku: "BREVILLE-BAMBINO-PLUS",
    name: "Espresso machine",
    kind: "Coffee",
    blurb: "Hot in three seconds, steams milk by itself, and fits under a cupboard.",
    facts: ["Travels upright", "5.2 kg, 1.9 litre tank", "54 mm portafilter"],
    price: 49995,
    weight: 5200,
    size: { length: 320, width: 195, height: 310 },
    rotation: "upright",
    tags: ["category:electronics"],
    stock: { reno: 7, columbus: 4, portland: 3 },
  },
  {
    slug: "burr-grinder",
    sku: "BARATZA-ENCORE-ESP",
    name: "Burr grinder",
    kind: "Coffee",
    blurb: "Conical burrs with fine steps for espresso and coarse ones for everything else.",
    facts: ["40 settings", "Repairable: every part is sold singly", "3.1 kg"],
    price: 19995,
    weight: 3100,
    size: { length: 160, width: 130, height: 340 },
    tags: ["category:electronics"],
    stock: { reno: 9, columbus: 6, portland: 4 },
  },
  {
    slug: "espresso-cup",
    sku: "NOTNEUTRAL-LINO-CUP-6OZ",
    name: "Cup, 6 oz",
    kind: "Coffee",
    blurb: "Thick-walled porcelain with a handle that fits a finger.",
    facts: ["Fragile: nothing is packed on top of it", "Stacks", "Dishwasher-safe"],
    price: 1600,
    weight: 270,
    size: { length: 115, width: 90, height: 75 },
    fragile: true,
    tags: ["category:kitchen"],
    stock: { reno: 48, columbus: 36, portland: 12 },
  },
];

/** Goods that make a good demo together: one click puts them into the cart. */
export interface Kit {
  readonly id: string;
  readonly name: string;
  readonly blurb: string;
  readonly items: readonly { readonly sku: string; readonly quantity: number }[];
}

export const KITS: readonly Kit[] = [
  {
    id: "weekend",
    name: "Weekend trip",
    blurb: "Tent, stove and gas. The gas may not fly.",
    items: [
      { sku: "MSR-HUBBA-HUBBA-2", quantity: 1 },
      { sku: "MSR-POCKETROCKET-2", quantity: 1 },
      { sku: "MSR-ISOPRO-8OZ", quantity: 1 },
    ],
  },
  {
    id: "espresso",
    name: "Espresso corner",
    blurb: "Machine, grinder and four cups. Something upright, something fragile.",
    items: [
      { sku: "BREVILLE-BAMBINO-PLUS", quantity: 1 },
      { sku: "BARATZA-ENCORE-ESP", quantity: 1 },
      { sku: "NOTNEUTRAL-LINO-CUP-6OZ", quantity: 4 },
    ],
  },
  {
    id: "kitchen",
    name: "Camp kitchen",
    blurb: "Dutch oven, stove, two bottles and four sporks. They lie in two warehouses.",
    items: [
      { sku: "LODGE-DUTCH-OVEN-5QT", quantity: 1 },
      { sku: "MSR-POCKETROCKET-2", quantity: 1 },
      { sku: "STANLEY-CLASSIC-1.5QT", quantity: 2 },
      { sku: "LIGHT-MY-FIRE-SPORK", quantity: 4 },
    ],
  },
];

/** The most units of one thing that the shop sells at once. */
export const MOST_UNITS = 20;

export function bySlug(slug: string): Product | undefined {
  return PRODUCTS.find((product) => product.slug === slug);
}

export function bySku(sku: string): Product | undefined {
  return PRODUCTS.find((product) => product.sku === sku);
}

/** A location as people call it; what is not the shop's own keeps its id. */
export function locationName(id: string): string {
  return LOCATIONS.find((location) => location.id === id)?.name ?? id;
}
