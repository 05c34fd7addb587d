// Takes an estimate bundle apart and makes others of it: cut, tampered, or with another header and truly signed by a key of the test's own.
// Written against the format's description, not with the package's reader: both would make the same mistake.

import { execFile } from "node:child_process";
import { generateKeyPairSync, type KeyObject, sign } from "node:crypto";
import { promisify } from "node:util";
import { demoShops, describe, testShops } from "./environment.js";

export interface Parts {
  version: number;
  header: Record<string, unknown>;
  payload: Buffer;
}

const MAGIC = "CWEB";
const SIGNATURE = 64;

export function takeApart(bundle: Buffer): Parts {
  if (bundle.toString("latin1", 0, 4) !== MAGIC) throw new Error("this is no estimate bundle");
  const headerEnds = 10 + bundle.readUInt32LE(6);
  const payloadEnds = headerEnds + 4 + bundle.readUInt32LE(headerEnds);
  if (payloadEnds + SIGNATURE !== bundle.length) throw new Error("the bundle's lengths do not add up");
  return {
    version: bundle.readUInt16LE(4),
    header: JSON.parse(bundle.toString("utf8", 10, headerEnds)) as Record<string, unknown>,
    payload: bundle.subarray(headerEnds + 4, payloadEnds),
  };
}

/** A signer with a key of its own. */
export class Signer {
  readonly #private: KeyObject;
  /** The public key as a page pins it and as `estimate-key` tells it. */
  readonly key: string;

  constructor() {
    const { privateKey, publicKey } = generateKeyPairSync("ed25519");
    this.#private = privateKey;
    this.key = publicKey.export({ format: "jwk" }).x ?? "";
  }

  bundle({ version, header, payload }: Parts): Buffer {
    const json = Buffer.from(JSON.stringify(header), "utf8");
    const head = Buffer.alloc(10);
    head.write(MAGIC, "latin1");
    head.writeUInt16LE(version, 4);
    head.writeUInt32LE(json.length, 6);
    const length = Buffer.alloc(4);
    length.writeUInt32LE(payload.length);
    const body = Buffer.concat([head, json, length, payload]);
    return Buffer.concat([body, sign(null, body, this.#private)]);
  }
}

/** What a bundle carries for a shop's settings and a span of time, in seconds since 1970: the plugin's own description, made natively. */
export async function describeShop(shop: string, from: number, until: number): Promise<Buffer> {
  const settings = `${shop === "demo" ? `${demoShops}/` : testShops}${shop}/shipping-quote.json`;
  const run = promisify(execFile);
  const { stdout } = await run(describe, [settings, String(from), String(until)], { encoding: "buffer", maxBuffer: 10_000_000 });
  return stdout;
}
