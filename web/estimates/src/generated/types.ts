// Written by `cargo xtask web` from the Rust types of wit/src/estimate.rs. Not to be edited.

/** What a product page or a cart asks. */
export interface Question {
  /** The moment that the estimate is for, an RFC 3339 timestamp; left out: now. */
  at?: string;
  destination: Destination;
  lines: Line[];
  stock?: LocationStock[];
  customerTags?: string[];
  tags?: string[];
}
export interface Destination {
  country: string;
  subdivision?: string;
  postalCode?: string;
  residential?: boolean;
  coordinates?: Coordinates;
}
export interface Coordinates { latitude: number; longitude: number }
export interface Dimensions { length: number; width: number; height: number }
export type Rotation = "any" | "upright" | "fixed";
export interface Line {
  id: string;
  sku: string;
  quantity: number;
  unitPrice: number;
  discount?: number;
  weight: number;
  size?: Dimensions;
  rotation?: Rotation;
  fragile?: boolean;
  shipsAlone?: boolean;
  hazardous?: boolean;
  physical?: boolean;
  tags?: string[];
}
export interface LocationStock { location: string; available: number[] }
export type Method = "ship" | "pickUp";
export interface Figure { name: string; value: number; unit: string }
export interface Reason { code: string; message: string; figures: Figure[] }
/** One way in which the goods can arrive. */
export interface ShippingOption {
  service: string;
  name: string;
  carrier: string;
  method: Method;
  /** In minor units. */
  price: number;
  /** Days as YYYY-MM-DD, in the destination's calendar. */
  earliest?: string;
  latest?: string;
  /** The last moment at which an order still gets these days. */
  orderBy?: string;
  /** Seconds from `at` until then. */
  orderWithin?: number;
  /** What is still missing in the cart until this option is free, in minor units; 0 when it is free by a threshold. */
  untilFree?: number;
  /** Grams of CO2 equivalent. */
  emissions?: number;
  /** With `pickUp`: where. */
  location?: string;
  parcels: number;
  backup: boolean;
}
export interface Estimate {
  at: string;
  currency: string;
  options: ShippingOption[];
  reasons: Reason[];
}
export interface Failure { code: string; message: string; field?: string }
