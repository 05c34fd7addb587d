// Bundles as a server signs them, a server to fetch them from, and an engine that stands in for the wasm. Only for tests.
import { generateKeyPairSync, sign, type KeyObject } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Bytes, Header } from "../src/bundle.js";
import type { OpenEngine, Outcome } from "../src/engine.js";
import type { Estimate, Question, ShippingOption } from "../src/generated/types.js";

export const HOUR = 3_600_000;

export interface Keys {
  privateKey: KeyObject;
  /** base64url, as pages get it. */
  text: string;
}

export function keys(): Keys {
  const { privateKey, publicKey } = generateKeyPairSync("ed25519");
  return { privateKey, text: publicKey.export({ format: "jwk" }).x ?? "" };
}

export function rfc3339(milliseconds: number): string {
  return `${new Date(milliseconds).toISOString().slice(0, -5)}Z`;
}

/** Issued at `at`, good for two days. */
export function header(at: number, changes: Partial<Header> = {}): Header {
  return {
    ...{ shop: "demo", currency: "USD", plugin: { name: "shipping-quote", version: "1.0.0", snapshot: "abc" } },
    ...{ issued: rfc3339(at), from: rfc3339(at), until: rfc3339(at + 48 * HOUR) },
    ...changes,
  };
}

export function makeBundle(keys: Keys, of: Header, payload: Uint8Array = Uint8Array.of(1, 2, 3), version = 1): Bytes {
  const json = Buffer.from(JSON.stringify(of));
  const number = (value: number, length: 2 | 4) => {
    const bytes = Buffer.alloc(length);
    if (length === 2) bytes.writeUInt16LE(value);
    else bytes.writeUInt32LE(value);
    return bytes;
  };
  const signed = Buffer.concat([
    ...[Buffer.from("CWEB"), number(version, 2), number(json.length, 4), json],
    ...[number(payload.length, 4), payload],
  ]);
  return new Uint8Array(Buffer.concat([signed, sign(null, signed, keys.privateKey)]));
}

export interface Seen {
  method: string;
  path: string;
  body: string;
  headers: IncomingMessage["headers"];
}

export interface TestServer extends AsyncDisposable {
  url: string;
  seen: Seen[];
  /** Resolves when so many requests have come whose path ends so. */
  came(count: number, path: string): Promise<void>;
}

export async function serve(answer: (seen: Seen, response: ServerResponse) => void): Promise<TestServer> {
  const seen: Seen[] = [];
  const waiting: (() => void)[] = [];
  const server = createServer((request, response) => {
    let body = "";
    request.on("data", (piece: Buffer) => (body += piece.toString()));
    request.on("end", () => {
      const one = { method: request.method ?? "", path: request.url ?? "", body, headers: request.headers };
      seen.push(one);
      for (const look of waiting) look();
      answer(one, response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    seen,
    came: (count, path) =>
      new Promise((resolve) => {
        const look = () => seen.filter((one) => one.path.endsWith(path)).length >= count && resolve();
        waiting.push(look);
        look();
      }),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

export const QUESTION: Question = {
  destination: { country: "US", postalCode: "97205" },
  lines: [{ id: "1", sku: "TENT", quantity: 1, unitPrice: 4000, weight: 900 }],
};

export function option(changes: Partial<ShippingOption> = {}): ShippingOption {
  return {
    ...{ service: "ground", name: "Ground", carrier: "Carrier", method: "ship", price: 895 },
    ...{ earliest: "2026-11-26", latest: "2026-11-28", parcels: 1, backup: false },
    ...changes,
  };
}

export function estimate(at: string, ...options: ShippingOption[]): Estimate {
  return { at, currency: "USD", options: options.length ? options : [option()], reasons: [] };
}

export interface StandIn {
  open: OpenEngine;
  asked: Question[];
  opened: Uint8Array[];
  freed: number;
}

/** In the place of the wasm: what is tested is who decides, not what. */
export function standIn(decide: (question: Question) => Outcome = (question) => ({ estimate: estimate(question.at ?? "") })): StandIn {
  const engine: StandIn = {
    asked: [],
    opened: [],
    freed: 0,
    open: () => async (payload) => {
      engine.opened.push(payload);
      const answer = (question: Question) => (engine.asked.push(question), decide(question));
      return { decide: answer, ask: async (question) => answer(question), free: () => void (engine.freed += 1) };
    },
  };
  return engine;
}

/** Resolves with the next event of this name. */
export function next(target: EventTarget, event: string): Promise<Event> {
  return new Promise((resolve) => target.addEventListener(event, resolve, { once: true }));
}
