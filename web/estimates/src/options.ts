// What `createEstimator` is told, checked: the only place where this package throws at its caller. What this module must not know:
// what is done with it.
import { readKey, type Bytes } from "./bundle.js";
import type { WasmSource } from "./engine.js";
import type { Fetch } from "./source.js";

export interface EstimatorOptions {
  /** Where the shop's bundle is (`…/v1/shops/demo/estimate-bundle`), or its bytes. */
  bundle: string | URL | Uint8Array | ArrayBuffer;
  /** The shop's public key, base64url of 32 bytes. Without it the page takes the one beside the bundle: TLS then vouches for it. */
  key?: string | undefined;
  /** Where to ask when the browser cannot decide; by default `estimates` beside the bundle; `false`: nowhere. */
  server?: string | URL | false | undefined;
  /** The wasm, or where it is; by default beside this module. */
  wasm?: WasmSource | undefined;
  /** Decide in a worker; `estimate` then has no answers, `ask` has. */
  worker?: boolean | undefined;
  fetch?: typeof fetch | undefined;
  /** The device's clock, in milliseconds since 1970. */
  now?: (() => number) | undefined;
  /** Closes the estimator. */
  signal?: AbortSignal | undefined;
}

export interface Settings {
  bundle: { url: string } | { bytes: Bytes };
  key: { text: string; key: Bytes } | undefined;
  /** Where the key is when none was given. */
  keyUrl: string | undefined;
  server: string | undefined;
  fetch: Fetch;
}

function wrong(what: string): never {
  throw new TypeError(`createEstimator: ${what}`);
}

function absolute(name: string, address: string | URL, base?: string): string {
  try {
    return new URL(address, base ?? (globalThis as { document?: { baseURI: string } }).document?.baseURI).href;
  } catch {
    return wrong(`${name} is no address: ${JSON.stringify(String(address))}`);
  }
}

/** @throws {TypeError} what is wrong with the options */
export function readOptions(options: EstimatorOptions): Settings {
  const { bundle, key, server } = options;
  const isBytes = bundle instanceof Uint8Array || bundle instanceof ArrayBuffer;
  if (!isBytes && !(typeof bundle === "string" && bundle) && !(bundle instanceof URL)) {
    wrong("bundle is missing; give its address or its bytes");
  }
  // A copy: the page may go on using its buffer.
  const source = isBytes ? { bytes: new Uint8Array(bundle).slice() } : { url: absolute("bundle", bundle) };
  const beside = (name: string) => ("url" in source ? absolute(name, name, source.url) : undefined);
  const serverUrl = server === false ? undefined : server === undefined ? beside("estimates") : absolute("server", server);
  const pinned = key === undefined ? undefined : typeof key === "string" ? readKey(key) : undefined;
  if (key !== undefined && !pinned) wrong("key is not the base64url of 32 bytes");
  return {
    bundle: source,
    key: pinned && { text: String(key).replace("=", ""), key: pinned },
    keyUrl: beside("estimate-key") ?? (serverUrl && absolute("key", "estimate-key", serverUrl)),
    server: serverUrl,
    // Called as a function of its own: browsers refuse `fetch` as a method of anything but the window.
    fetch: (input, init) => (options.fetch ?? globalThis.fetch)(input, init),
  };
}
