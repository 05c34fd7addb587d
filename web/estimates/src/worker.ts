// The worker's side: an engine of its own, asked by messages. What this module must not know: clocks, servers, pages.
import { openEngine, type Engine } from "./engine.js";
import { problemOf } from "./problem.js";
import type { Reply, Request } from "./remote.js";

const here = globalThis as unknown as { onmessage: (event: MessageEvent<Request>) => void; postMessage(reply: Reply): void };
let engine: Promise<Engine> | undefined;

async function reply(request: Request): Promise<Reply> {
  const { id } = request;
  try {
    if ("open" in request) {
      engine = openEngine(request.wasm, (input, init) => fetch(input, init))(request.open);
      await engine;
      return { id, opened: true };
    }
    const outcome = await (await engine)?.ask(request.question);
    return outcome ? { id, outcome } : { id, problem: { code: "ENGINE_FAILED", message: "the worker has no bundle" } };
  } catch (error) {
    return { id, problem: problemOf(error, "ENGINE_FAILED") };
  }
}

here.onmessage = ({ data }) => void reply(data).then((answer) => here.postMessage(answer));
