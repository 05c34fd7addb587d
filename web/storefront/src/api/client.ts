// Asks the shop's decision points over HTTP, and never throws: an answer with its trace, or a problem with a remedy. Knows no page.

import type { Answers, Asked, Decided, Failed, Hook, Reason } from "./types.ts";

/** Beside the site, whoever serves it. */
const SHOP = "/v1/shops/demo";

/** How long a shopper is left waiting before the shop says so, in milliseconds. */
const PATIENCE = 15_000;

/** Who decided, and why: what a "Who decided" panel shows. Small enough to be kept with an order. */
export interface Trace {
  readonly hook: Hook;
  readonly plugins: readonly Asked[];
  /** Time in the sandbox, in microseconds. */
  readonly micros?: number;
  /** wasmtime's measure of work: about one unit for each instruction. */
  readonly fuel?: number;
  readonly fallback?: Failed;
  readonly reasons: readonly Reason[];
  /** The request's id in the server's log. */
  readonly request?: string;
}

export interface Problem {
  readonly code: string;
  readonly title: string;
  /** What was wrong, with which value, and what would be right. */
  readonly detail: string;
  /** What the shopper can do now. */
  readonly remedy: string;
  /** Where in the request, as a JSON pointer. */
  readonly field?: string;
  readonly request?: string;
}

export type Outcome<A> =
  { readonly ok: true; readonly answer: A; readonly trace: Trace } | { readonly ok: false; readonly problem: Problem };

export async function ask<H extends Hook>(hook: H, body: unknown, signal?: AbortSignal): Promise<Outcome<Answers[H]>> {
  const patience = AbortSignal.timeout(PATIENCE);
  let response: Response;
  let text: string;
  try {
    response = await fetch(`${SHOP}/${hook}`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
      signal: signal === undefined ? patience : AbortSignal.any([signal, patience]),
    });
    text = await response.text();
  } catch {
    return { ok: false, problem: patience.aborted ? tooSlow : away };
  }
  const json = parse(text);
  if (!response.ok) return { ok: false, problem: refused(response, json) };
  if (json === undefined || !Array.isArray(json["plugins"])) return { ok: false, problem: notTheApi };
  const answer = json as unknown as Answers[H];
  return { ok: true, answer, trace: traceOf(hook, response.headers, answer) };
}

const away: Problem = {
  code: "SERVER_AWAY",
  title: "The shop's server cannot be reached",
  detail: "No answer came. What you entered is still here.",
  remedy: "Check your connection, then try again.",
};

const tooSlow: Problem = {
  code: "TOO_SLOW",
  title: "The shop's server takes too long",
  detail: "No answer came within 15 seconds.",
  remedy: "Try again in a moment.",
};

const notTheApi: Problem = {
  code: "NOT_AN_ANSWER",
  title: "The answer could not be read",
  detail: "Something other than the shop's API answered.",
  remedy: "Start the shop with its server: cargo xtask demo.",
};

function parse(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

function string(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** Reads problem details (RFC 9457); what is no problem document gets its status told. */
export function refused(response: Pick<Response, "status" | "headers">, json: Record<string, unknown> | undefined): Problem {
  const field = string(json?.["field"]);
  const request = string(json?.["instance"]) ?? response.headers.get("x-request-id") ?? undefined;
  const busy = response.status === 429 || response.status === 503;
  const fault = response.status >= 500;
  return {
    code: string(json?.["code"]) ?? `HTTP_${response.status}`,
    title: string(json?.["title"]) ?? "The shop's server could not answer",
    detail: string(json?.["detail"]) ?? `It answered with status ${response.status}.`,
    remedy: busy
      ? "The shop is busy. Try again in a moment."
      : fault
        ? "Try again; if it goes on, tell the shop the request's number."
        : "Change what is named above, then try again.",
    ...(field === undefined ? {} : { field }),
    ...(request === undefined ? {} : { request }),
  };
}

/** Reads `plugin;dur=0.400` (milliseconds) as 400 microseconds. */
export function sandboxTime(header: string | null): number | undefined {
  const found = /(?:^|,)\s*plugin\s*;[^,]*\bdur=([0-9.]+)/.exec(header ?? "")?.[1];
  const millis = found === undefined ? Number.NaN : Number(found);
  return Number.isFinite(millis) ? Math.round(millis * 1000) : undefined;
}

export function traceOf(hook: Hook, headers: Headers, answer: Decided & { reasons: Reason[] }): Trace {
  const micros = sandboxTime(headers.get("server-timing"));
  const fuel = Number(headers.get("cartwright-fuel") ?? Number.NaN);
  const request = headers.get("x-request-id");
  return {
    hook,
    plugins: answer.plugins,
    reasons: answer.reasons,
    ...(micros === undefined ? {} : { micros }),
    ...(Number.isFinite(fuel) ? { fuel } : {}),
    ...(answer.fallback ? { fallback: answer.fallback } : {}),
    ...(request === null ? {} : { request }),
  };
}
