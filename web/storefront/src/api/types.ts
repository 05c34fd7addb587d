// The records of the API as far as the shop reads or writes them. Hand-written and short rather than generated: the generators of
// TypeScript types need a compiler API that TypeScript 7 does not have. test/contract.test.ts holds them against the OpenAPI document.

import type { Coordinates } from "../places.ts";

export interface Address {
  country: string;
  subdivision?: string | null;
  city?: string | null;
  postalCode?: string | null;
  lines?: string[];
  name?: string | null;
  phone?: string | null;
  residential?: boolean | null;
  coordinates?: Coordinates | null;
}

export interface Dimensions {
  length: number;
  width: number;
  height: number;
}

export interface Line {
  id: string;
  sku: string;
  quantity: number;
  /** In minor units. */
  unitPrice: number;
  /** Of one unit, in grams. */
  weight: number;
  /** Of one unit, in millimetres. */
  size?: Dimensions;
  rotation?: "any" | "upright" | "fixed";
  fragile?: boolean;
  hazardous?: boolean;
  tags?: string[];
}

export interface Figure {
  name: string;
  value: number;
  unit: string;
}
export interface Reason {
  code: string;
  message: string;
  figures?: Figure[];
}
export interface LineUnits {
  line: number;
  quantity: number;
}

/** A plugin that was asked; `failed` says why it gave no answer. */
export interface Asked {
  name: string;
  version: string;
  snapshot: string;
  failed?: Failed | null;
}
export interface Failed {
  code: string;
  message: string;
}

/** What every hook's answer has. */
export interface Decided {
  plugins: Asked[];
  at: string;
  fallback?: Failed | null;
}

// Address validation

export type AddressField = "country" | "subdivision" | "city" | "postalCode" | "line" | "name" | "company" | "phone";
export interface AddressIssue {
  field: AddressField;
  line?: number | null;
  severity: "info" | "warning" | "error";
  code: string;
  message: string;
  suggestion?: string | null;
  applied: boolean;
}
export interface AddressAnswer extends Decided {
  verdict: "deliverable" | "corrected" | "incomplete" | "undeliverable" | "unchecked";
  corrected: Address;
  issues: AddressIssue[];
  label: string[];
  poBox: boolean;
  reasons: Reason[];
}

// Shipping quotes

export interface Placement {
  line: number;
  x: number;
  y: number;
  z: number;
  size: Dimensions;
}
export interface Parcel {
  location: string;
  packaging: string;
  /** Outside, in millimetres. */
  size: Dimensions;
  /** In grams. */
  weight: number;
  placements: Placement[];
  contents: LineUnits[];
}
export interface Quote {
  service: string;
  name: string;
  carrier: string;
  method: "ship" | "pickUp";
  /** In minor units. */
  price: number;
  charges: { kind: string; code: string; amount: number }[];
  promise?: { earliest: string; latest: string; orderBy: string; shipBy: string } | null;
  /** Indexes into the answer's `parcels`. */
  parcels: number[];
  /** In minor units. */
  untilFree?: number | null;
  /** In grams of CO2 equivalent. */
  emissions?: number | null;
  location?: string | null;
  backup: boolean;
  reasons: Reason[];
}
export interface QuotesAnswer extends Decided {
  quotes: Quote[];
  parcels: Parcel[];
  reasons: Reason[];
}

// Screening

export interface ScreeningAnswer extends Decided {
  verdict: "accept" | "review" | "reject";
  /** 0 (safe) to 1000. */
  score: number;
  contributions: { reason: Reason; points: number }[];
  reasons: Reason[];
}

// Routing

export interface Shipment {
  location: string;
  lines: LineUnits[];
  costs: { kind: string; amount: number }[];
  service?: string | null;
  arrives?: string | null;
}
export interface RoutingAnswer extends Decided {
  disposition: "release" | "hold" | "cancel";
  queue?: string | null;
  shipments: Shipment[];
  backordered: LineUnits[];
  total: number;
  comparisons: { rule: string; total: number; shipments: number; backordered: number }[];
  reasons: Reason[];
}

// Returns

export type Remedy = "refund" | "exchange" | "storeCredit" | "repair" | "keepItem";
export interface ReturnDecision {
  requested: number;
  verdict: "approve" | "review" | "decline";
  quantity: number;
  remedies: { remedy: Remedy; amount: number; fee: number; bonus: number; freeLabel: boolean; until?: string | null }[];
  remedy?: Remedy | null;
  refund: number;
  parts: { kind: string; amount: number }[];
  bonusCredit: number;
  keep: boolean;
  destination?: string | null;
  until?: string | null;
  receiveBy?: string | null;
  reasons: Reason[];
}
export interface ReturnAnswer extends Decided {
  decisions: ReturnDecision[];
  labels: { destination: string; paidBy: "merchant" | "shopper" | "nobody"; fee: number }[];
  shippingRefund: number;
  totalRefund: number;
  totalCredit: number;
  totalExchange: number;
  reasons: Reason[];
}

/** What each hook is asked at, and what it answers. */
export interface Answers {
  "address-validations": AddressAnswer;
  quotes: QuotesAnswer;
  screenings: ScreeningAnswer;
  routings: RoutingAnswer;
  returns: ReturnAnswer;
}
export type Hook = keyof Answers;
