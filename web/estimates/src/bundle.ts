// The estimate bundle: its envelope, its signature, its header. Nothing of it is believed, not even its JSON, before the signature
// holds. What this module must not know: where a bundle comes from, what time it is, and what the payload says.
import { Trouble } from "./problem.js";

/** The only format that this version reads. */
export const FORMAT_VERSION = 1;
const MAGIC = [0x43, 0x57, 0x45, 0x42]; // CWEB
const SIGNATURE_LENGTH = 64;
const KEY_LENGTH = 32;

export type Bytes = Uint8Array<ArrayBuffer>;

export interface PluginName {
  name: string;
  version: string;
  /** Digest of the plugin with the merchant's settings in it. */
  snapshot: string;
}

/** Units that may be sold, by location and sku. */
export type StockHints = Record<string, Record<string, number>>;

export interface Header {
  shop: string;
  /** ISO 4217; may be absent where there is no payload. */
  currency?: string;
  plugin: PluginName | null;
  /** RFC 3339 timestamps; orders of moments from <= at < until can be answered. */
  issued: string;
  from: string;
  until: string;
  stock?: StockHints;
  /** Why there is no payload. */
  undescribed?: string;
}

export interface Bundle {
  header: Header;
  /** The header's moments, in milliseconds since 1970. */
  issued: number;
  from: number;
  until: number;
  /** Empty when the shop's plugin cannot be described. */
  payload: Bytes;
  signature: Bytes;
}

interface Envelope {
  header: Bytes;
  payload: Bytes;
  signed: Bytes;
  signature: Bytes;
}

function readEnvelope(bytes: Bytes): Envelope {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (MAGIC.some((byte, index) => index < bytes.length && bytes[index] !== byte)) {
    throw new Trouble("BUNDLE_MALFORMED", "this is no estimate bundle: it does not begin with CWEB");
  }
  let offset = 0;
  const take = (length: number): Bytes => {
    if (offset + length > bytes.length) {
      throw new Trouble("BUNDLE_CUT", `the bundle ends after ${bytes.length} bytes; ${offset + length} or more are needed`);
    }
    offset += length;
    return bytes.subarray(offset - length, offset);
  };
  const number = (length: 2 | 4): number => {
    take(length);
    return length === 2 ? view.getUint16(offset - 2, true) : view.getUint32(offset - 4, true);
  };
  take(MAGIC.length);
  const version = number(2);
  if (version > FORMAT_VERSION) {
    throw new Trouble("FUTURE_VERSION", `the bundle has format ${version}; this package reads ${FORMAT_VERSION}: update it`);
  }
  if (version < FORMAT_VERSION) throw new Trouble("BUNDLE_MALFORMED", `there is no bundle format ${version}`);
  const header = take(number(4));
  const payload = take(number(4));
  const signed = bytes.subarray(0, offset);
  const signature = take(SIGNATURE_LENGTH);
  if (offset < bytes.length) {
    throw new Trouble("BUNDLE_MALFORMED", `${bytes.length - offset} bytes follow the bundle's signature`);
  }
  return { header, payload, signed, signature };
}

/** A public key as base64url of 32 bytes; padding is tolerated. */
export function readKey(text: string): Bytes | undefined {
  if (!/^[\w-]{43}=?$/.test(text)) return undefined;
  const binary = atob(text.replace(/-/g, "+").replace(/_/g, "/").replace("=", ""));
  const key = Uint8Array.from(binary, (letter) => letter.charCodeAt(0));
  return key.length === KEY_LENGTH ? key : undefined;
}

async function verify({ signed, signature }: Envelope, key: Bytes): Promise<void> {
  // Absent where the page is not served over https (or from localhost).
  const subtle = globalThis.crypto?.subtle as SubtleCrypto | undefined;
  let holds: boolean;
  try {
    if (!subtle) throw new Error("this page has no WebCrypto; serve it over https");
    const imported = await subtle.importKey("raw", key, { name: "Ed25519" }, false, ["verify"]);
    holds = await subtle.verify({ name: "Ed25519" }, imported, signature, signed);
  } catch (error) {
    throw new Trouble("UNVERIFIABLE", `the signature cannot be checked here: ${String(error)}`);
  }
  if (!holds) throw new Trouble("BAD_SIGNATURE", "the bundle is not what the shop signed, or was signed with another key");
}

function readHeader(bytes: Bytes): Omit<Bundle, "payload" | "signature"> {
  try {
    const header = JSON.parse(new TextDecoder().decode(bytes)) as Header;
    const [issued, from, until] = [header.issued, header.from, header.until].map((moment) => Date.parse(moment));
    if (typeof header.shop !== "string" || typeof (header.currency ?? "") !== "string" || !issued || !from || !until) {
      throw new Error("shop, issued, from or until is missing");
    }
    return { header, issued, from, until };
  } catch (error) {
    throw new Trouble("BUNDLE_MALFORMED", `the bundle's header cannot be read: ${String(error)}`);
  }
}

/**
 * Reads a bundle and checks its signature.
 * @throws {Trouble} `BUNDLE_MALFORMED`, `BUNDLE_CUT`, `FUTURE_VERSION`, `UNVERIFIABLE`, `BAD_SIGNATURE`
 */
export async function openBundle(bytes: Bytes, key: () => Promise<Bytes>): Promise<Bundle> {
  const envelope = readEnvelope(bytes);
  await verify(envelope, await key());
  return { ...readHeader(envelope.header), payload: envelope.payload, signature: envelope.signature };
}
