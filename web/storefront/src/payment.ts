// The demo's ways to pay. No card is asked for: each stands for what a payment service and the shop's own records would say of a real
// one, so that screening has something to judge. Fingerprints, addresses of computers and names are invented.

export interface PaymentChoice {
  readonly id: "regular" | "first-order" | "declined" | "blocked";
  readonly name: string;
  readonly explanation: string;
  readonly payment: Readonly<Record<string, unknown>>;
  readonly history: Readonly<Record<string, unknown>>;
  readonly customer: Readonly<Record<string, unknown>>;
  readonly session: Readonly<Record<string, unknown>>;
  /** In place of the tab's own card. */
  readonly fingerprint?: string;
}

export const CHOICES: readonly PaymentChoice[] = [
  {
    id: "regular",
    name: "A regular customer's card",
    explanation: "Four kept orders, 3-D Secure passed, the bank knows the address.",
    payment: { avs: "matchAll", cvv: "matchAll", threeDSecure: "authenticated", funding: "credit", cardCountry: "US", declinedAttempts: 0 },
    history: {
      customerSince: "2024-03-02T09:12:00Z",
      emailFirstSeen: "2024-03-02T09:12:00Z",
      completedOrders: 4,
      chargebacks: 0,
      rejectedOrders: 0,
      spent: 61_280,
    },
    customer: { id: "C-204711", orders: 4 },
    session: { ipCountry: "US", ipAnonymous: false },
  },
  {
    id: "first-order",
    name: "A new customer at a shared computer",
    explanation: "First order, from a device that the shop has on its list to look at.",
    payment: { avs: "matchAll", cvv: "matchAll", threeDSecure: "attempted", funding: "credit", cardCountry: "US", declinedAttempts: 0 },
    history: { completedOrders: 0, chargebacks: 0 },
    customer: { orders: 0 },
    session: { ipCountry: "US", ipAnonymous: false, device: "dev-shared-kiosk" },
  },
  {
    id: "declined",
    name: "A card that its bank does not vouch for",
    explanation: "Wrong security code, 3-D Secure failed, issued abroad, four attempts declined before.",
    payment: { avs: "noMatch", cvv: "noMatch", threeDSecure: "failed", funding: "prepaid", cardCountry: "BR", declinedAttempts: 4 },
    history: { completedOrders: 0 },
    customer: { orders: 0 },
    session: { ipCountry: "KZ", ipAnonymous: true },
  },
  {
    id: "blocked",
    name: "A card on the shop's block list",
    explanation: "Everything about it looks right, but it was reported stolen.",
    payment: { avs: "matchAll", cvv: "matchAll", threeDSecure: "authenticated", funding: "credit", cardCountry: "US", declinedAttempts: 0 },
    history: { customerSince: "2024-03-02T09:12:00Z", completedOrders: 4, chargebacks: 0 },
    customer: { id: "C-204712", orders: 4 },
    session: { ipCountry: "US", ipAnonymous: false },
    fingerprint: "fp_stolen_0001",
  },
];

export function choiceOf(id: string | undefined): PaymentChoice {
  return CHOICES.find((choice) => choice.id === id) ?? (CHOICES[0] as PaymentChoice);
}
