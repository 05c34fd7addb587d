// Asks the server directly, past every page.

import type { Estimate, Question } from "@cartwright/estimates";
import { address } from "./environment.js";

/** What `POST …/estimates` says: an estimate, or what was wrong with the question. */
export interface ServerAnswer {
  status: number;
  body: Estimate & { plugins: { name: string; version: string; snapshot: string }[]; code?: string; field?: string; detail?: string };
}

export async function askServer(question: Question, shop = "demo"): Promise<ServerAnswer> {
  const response = await fetch(`${address()}/v1/shops/${shop}/estimates`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(question),
  });
  return { status: response.status, body: (await response.json()) as ServerAnswer["body"] };
}

export async function fetchBundle(shop = "demo"): Promise<Buffer> {
  const response = await fetch(`${address()}/v1/shops/${shop}/estimate-bundle`);
  if (!response.ok) throw new Error(`the bundle of ${shop}: ${response.status} ${await response.text()}`);
  return Buffer.from(await response.arrayBuffer());
}

export async function fetchKey(shop = "demo"): Promise<string> {
  const response = await fetch(`${address()}/v1/shops/${shop}/estimate-key`);
  return ((await response.json()) as { key: string }).key;
}
