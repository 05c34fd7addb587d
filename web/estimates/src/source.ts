// Fetches a bundle and its key, and learns the server's time on the way. What this module must not know: what is in a bundle, and
// what happens when there is none.
import { readKey, type Bytes } from "./bundle.js";
import type { Clock } from "./clock.js";
import { Trouble } from "./problem.js";

/** Longest wait for an answer, in milliseconds. */
export const PATIENCE = 10_000;
/** How far behind the device's clock a `Date` may be before it is asked for again, in milliseconds. */
const BEHIND = 60_000;

export type Fetch = (input: string, init?: RequestInit) => Promise<Response>;

/** `fetch` that gives up after [`PATIENCE`], and whose failures have codes. The body is read within the same time. */
export async function fetching<T>(
  fetch: Fetch,
  url: string,
  init: RequestInit,
  read: (response: Response) => Promise<T>,
  signal?: AbortSignal,
): Promise<T> {
  const patience = new AbortController();
  const giveUp = () => patience.abort();
  const timer = setTimeout(giveUp, PATIENCE);
  signal?.addEventListener("abort", giveUp);
  try {
    signal?.throwIfAborted();
    return await read(await fetch(url, { ...init, signal: patience.signal }));
  } catch (error) {
    if (error instanceof Trouble) throw error;
    if (signal?.aborted) throw new Trouble("ABORTED", "the question was taken back");
    if (patience.signal.aborted) throw new Trouble("TIMEOUT", `${url} did not answer within ${PATIENCE / 1000} s`);
    throw new Trouble("OFFLINE", `${url} cannot be reached: ${String(error)}`);
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", giveUp);
  }
}

/** The server's time when `response` arrived, as well as it can be known: `Date` has whole seconds and half the way is behind it. */
function serverTime(response: Response, waited: number): number | undefined {
  const date = Date.parse(response.headers.get("date") ?? "");
  // A cache on the way passes on an old `Date`, and says in `Age` how old it is.
  const age = Number(response.headers.get("age") ?? 0) || 0;
  return Number.isNaN(date) ? undefined : date + age * 1000 + 500 + waited / 2;
}

export interface Fetched {
  bytes: Bytes;
  /** How long the server would like this to be used, in milliseconds. */
  maxAge: number | undefined;
}

/**
 * The bundle at `url`, asked for anew each time so that its `Date` is fresh; without a network what the browser still has of it.
 * @throws {Trouble} `BUNDLE_MISSING`, `OFFLINE`, `TIMEOUT`, `ABORTED`
 */
export async function fetchBundle(fetch: Fetch, url: string, clock: Clock, signal: AbortSignal): Promise<Fetched> {
  let sent = clock.steady();
  let behind = false;
  const read = (fresh: boolean) => async (response: Response) => {
    const time = fresh ? serverTime(response, clock.steady() - sent) : undefined;
    if (!response.ok) throw new Trouble("BUNDLE_MISSING", `${url} answered ${response.status}`);
    behind = time !== undefined && time < clock.device() - BEHIND;
    if (time !== undefined && !behind) clock.anchor(time);
    const maxAge = /max-age=(\d+)/.exec(response.headers.get("cache-control") ?? "")?.[1];
    return { bytes: new Uint8Array(await response.arrayBuffer()), maxAge: maxAge ? Number(maxAge) * 1000 : undefined };
  };
  let fetched: Fetched;
  try {
    fetched = await fetching(fetch, url, { cache: "no-cache" }, read(true), signal);
  } catch (error) {
    if (!(error instanceof Trouble) || (error.code !== "OFFLINE" && error.code !== "TIMEOUT")) throw error;
    try {
      return await fetching(fetch, url, { cache: "force-cache" }, read(false), signal);
    } catch {
      throw error;
    }
  }
  if (behind) {
    // Either the device's clock is fast, or a service worker or proxy handed out an old copy with its old `Date`. Those keep no
    // answers to HEAD, so a second `Date` tells; without one the device's later clock stands, which promises less.
    const look = async (response: Response) => serverTime(response, clock.steady() - sent);
    sent = clock.steady();
    const time = await fetching(fetch, url, { cache: "no-store", method: "HEAD" }, look, signal).catch(() => undefined);
    if (time !== undefined) clock.anchor(time);
  }
  return fetched;
}

/**
 * The shop's public key, beside its bundle: then TLS is what vouches for it.
 * @throws {Trouble} `UNVERIFIABLE`
 */
export async function fetchKey(fetch: Fetch, url: string, signal: AbortSignal): Promise<{ text: string; key: Bytes }> {
  const unverifiable = (why: string) => new Trouble("UNVERIFIABLE", `no key was given and ${url} has none: ${why}`);
  const read = async (response: Response) => {
    const text = ((await response.json()) as { key?: unknown }).key;
    const key = typeof text === "string" ? readKey(text) : undefined;
    if (typeof text !== "string" || !key) throw unverifiable(`it answered ${response.status}`);
    return { text, key };
  };
  try {
    return await fetching(fetch, url, { cache: "no-cache" }, read, signal);
  } catch {
    return fetching(fetch, url, { cache: "force-cache" }, read, signal).catch((error: unknown) => {
      throw unverifiable(String(error));
    });
  }
}
