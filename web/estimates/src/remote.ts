// The engine in a worker, as this thread sees it. What this module must not know: what the worker decides with.
import type { Bytes } from "./bundle.js";
import { openEngine, type Engine, type OpenEngine, type Outcome, type WasmSource } from "./engine.js";
import type { Question } from "./generated/types.js";
import { Trouble, type Problem } from "./problem.js";

export type Request =
  | { id: number; open: Bytes; wasm: Exclude<WasmSource, URL> | undefined }
  | { id: number; question: Question };
export type Reply = { id: number; opened: true } | { id: number; outcome: Outcome } | { id: number; problem: Problem };

/** The part of a `Worker` that is used. */
export interface Channel {
  postMessage(request: Request): void;
  terminate(): void;
  onmessage: ((event: MessageEvent<Reply>) => void) | null;
  onerror: ((event: ErrorEvent) => void) | null;
}

/** Where no worker can be had (another origin's script, CSP), the engine is in this thread and answers all the same. */
export function openRemote(start: () => Channel): OpenEngine {
  return (wasm, fetch) => async (payload) => {
    let channel: Channel;
    try {
      channel = start();
    } catch {
      return openEngine(wasm, fetch)(payload);
    }
    const waiting = new Map<number, { resolve(reply: Reply): void; reject(error: Trouble): void }>();
    let alive = false;
    let broken: Trouble | undefined;
    const end = (why: string) => {
      broken = new Trouble("ENGINE_FAILED", why);
      for (const { reject } of waiting.values()) reject(broken);
      waiting.clear();
      channel.terminate();
    };
    channel.onmessage = ({ data }) => {
      alive = true;
      const waiter = waiting.get(data.id);
      waiting.delete(data.id);
      if ("problem" in data) waiter?.reject(new Trouble(data.problem.code, data.problem.message, data.problem.field));
      else waiter?.resolve(data);
    };
    channel.onerror = (event) => end(`the worker failed: ${event.message}`);
    let id = 0;
    const send = (request: Request) =>
      new Promise<Reply>((resolve, reject) => {
        if (broken) return reject(broken);
        waiting.set(request.id, { resolve, reject });
        channel.postMessage(request);
      });
    try {
      await send({ id: (id += 1), open: payload, wasm: wasm instanceof URL ? wasm.href : wasm });
    } catch (error) {
      channel.terminate();
      // Without a word from the worker its script did not run.
      if (!alive) return openEngine(wasm, fetch)(payload);
      throw error;
    }
    const ask = async (question: Question): Promise<Outcome> => {
      const reply = await send({ id: (id += 1), question });
      if ("outcome" in reply) return reply.outcome;
      throw new Trouble("ENGINE_FAILED", "the worker answered something else");
    };
    return { ask, free: () => end("the estimator was closed") } satisfies Engine;
  };
}
