// Asking over HTTP: whatever the server does, the page gets an answer with its trace or a problem with a remedy.

import assert from "node:assert/strict";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, test } from "node:test";
import { ask, sandboxTime } from "../src/api/client.ts";

let stop: () => void = () => undefined;
afterEach(() => stop());

/** A real server on a free port; the client's relative addresses go there. */
async function serve(listener: RequestListener): Promise<void> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  pointAt(port);
  stop = () => {
    server.closeAllConnections();
    server.close();
  };
}

const real = fetch;
function pointAt(port: number): void {
  globalThis.fetch = (input, init) => real(new URL(String(input), `http://127.0.0.1:${port}`), init);
}

const ANSWER = {
  quotes: [],
  parcels: [],
  reasons: [{ code: "A", message: "Because." }],
  plugins: [{ name: "p", version: "1", snapshot: "ab" }],
  at: "2026-11-22T04:00:00Z",
};

test("an answer comes with who decided, in what time, and why", async () => {
  await serve((_, response) => {
    response.writeHead(200, {
      "content-type": "application/json",
      "server-timing": "plugin;dur=0.412",
      "cartwright-fuel": "171154",
      "x-request-id": "r-1",
    });
    response.end(JSON.stringify({ ...ANSWER, fallback: { code: "FUEL_EXHAUSTED", message: "Too long." } }));
  });
  const asked = await ask("quotes", {});
  assert.ok(asked.ok);
  assert.deepEqual(asked.trace, {
    hook: "quotes",
    plugins: ANSWER.plugins,
    reasons: ANSWER.reasons,
    micros: 412,
    fuel: 171_154,
    request: "r-1",
    fallback: { code: "FUEL_EXHAUSTED", message: "Too long." },
  });
});

test("a refused request names its field, what would be right, and what to do", async () => {
  await serve((_, response) => {
    response.writeHead(422, { "content-type": "application/problem+json" });
    response.end(
      JSON.stringify({
        title: "The request was refused",
        status: 422,
        detail: "give a code",
        instance: "r-2",
        code: "NOT_A_CODE",
        field: "/destination/country",
      }),
    );
  });
  const asked = await ask("quotes", {});
  assert.ok(!asked.ok);
  assert.deepEqual(asked.problem, {
    code: "NOT_A_CODE",
    title: "The request was refused",
    detail: "give a code",
    remedy: "Change what is named above, then try again.",
    field: "/destination/country",
    request: "r-2",
  });
});

test("an error that is no problem document is told by its status", async () => {
  await serve((_, response) => {
    response.writeHead(503).end("<html>");
  });
  const asked = await ask("quotes", {});
  assert.ok(!asked.ok);
  assert.equal(asked.problem.code, "HTTP_503");
  assert.match(asked.problem.remedy, /busy/);
});

test("a page in place of an answer is not taken for one", async () => {
  for (const body of ["<!doctype html>", "[]", "null", '{"quotes":[]}']) {
    await serve((_, response) => {
      response.writeHead(200).end(body);
    });
    const asked = await ask("quotes", {});
    assert.ok(!asked.ok, body);
    assert.equal(asked.problem.code, "NOT_AN_ANSWER");
    stop();
  }
});

test("a server that is away, or that breaks off, is a problem and no exception", async () => {
  await serve((request) => {
    request.socket.destroy();
  });
  const broken = await ask("quotes", {});
  assert.ok(!broken.ok);
  assert.equal(broken.problem.code, "SERVER_AWAY");
  pointAt(1);
  const away = await ask("quotes", {});
  assert.ok(!away.ok);
  assert.equal(away.problem.code, "SERVER_AWAY");
});

test("the time in the sandbox is read from Server-Timing wherever it stands in it", () => {
  assert.equal(sandboxTime("plugin;dur=0.400"), 400);
  assert.equal(sandboxTime('cache;desc="hit", plugin;desc="a";dur=4.966'), 4_966);
  assert.equal(sandboxTime("total;dur=5"), undefined);
  assert.equal(sandboxTime("plugin;dur=..."), undefined);
  assert.equal(sandboxTime(null), undefined);
});
