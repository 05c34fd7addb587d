import assert from "node:assert/strict";
import { test } from "node:test";
import { Server, type ServerOutcome } from "../src/server.js";
import { estimate, next, option, QUESTION, rfc3339, serve } from "./support.js";

const NOW = Date.parse("2026-11-22T04:00:00Z");

async function setting(status = 200, body: unknown = estimate(rfc3339(NOW)), type = "application/json") {
  const http = await serve((_, response) => {
    response.writeHead(status, { "content-type": type }).end(typeof body === "string" ? body : JSON.stringify(body));
  });
  const clock = { now: NOW };
  const server = new Server((input, init) => fetch(input, init), `${http.url}/estimates`, () => clock.now);
  return { http, server, clock, [Symbol.asyncDispose]: () => http[Symbol.asyncDispose]() };
}
const code = (outcome: ServerOutcome) => ("failure" in outcome ? outcome.failure.code : "none");

test("the question is sent as it is, and the answer comes back", async () => {
  await using here = await setting();
  assert.deepEqual(await here.server.ask(QUESTION), { estimate: estimate(rfc3339(NOW)) });
  assert.deepEqual(JSON.parse(here.http.seen[0]!.body), QUESTION);
  assert.equal(here.http.seen[0]!.headers["content-type"], "application/json");
});

test("the same question, asked by many at once and again later, is sent once", async () => {
  await using here = await setting();
  await Promise.all([1, 2, 3].map(() => here.server.ask(QUESTION)));
  await here.server.ask(QUESTION);
  assert.equal(here.http.seen.length, 1);
});

test("a postal code that is being typed is sent when the typing ends: questions that were taken back in time are never sent", async () => {
  await using here = await setting();
  const outcomes = [];
  let typing = new AbortController();
  for (const postalCode of ["9", "97", "972", "9720", "97205"]) {
    typing.abort();
    typing = new AbortController();
    outcomes.push(here.server.ask({ ...QUESTION, destination: { country: "US", postalCode } }, typing.signal));
  }
  assert.deepEqual((await Promise.all(outcomes)).map(code), ["ABORTED", "ABORTED", "ABORTED", "ABORTED", "none"]);
  assert.deepEqual(here.http.seen.map(({ body }) => JSON.parse(body).destination.postalCode), ["97205"]);
});

test("one who leaves does not take the answer from the others", async () => {
  await using here = await setting();
  const leaving = new AbortController();
  const [left, stayed] = [here.server.ask(QUESTION, leaving.signal), here.server.ask(QUESTION)];
  leaving.abort();
  assert.deepEqual([code(await left), code(await stayed)], ["ABORTED", "none"]);
});

test("a request under way is called back when nobody waits for it", async () => {
  const closed = new EventTarget();
  const ended = next(closed, "close");
  await using http = await serve((_, response) => void response.on("close", () => closed.dispatchEvent(new Event("close"))));
  const server = new Server((input, init) => fetch(input, init), `${http.url}/estimates`, () => NOW);
  const leaving = new AbortController();
  const outcome = server.ask(QUESTION, leaving.signal);
  await http.came(1, "/estimates");
  leaving.abort();
  assert.equal(code(await outcome), "ABORTED");
  await ended;
});

test("a kept answer ends with its first cut-off, and after a minute", async () => {
  await using here = await setting(200, estimate(rfc3339(NOW), option({ orderBy: rfc3339(NOW + 20_000) })));
  await here.server.ask(QUESTION);
  here.clock.now += 19_000;
  await here.server.ask(QUESTION);
  assert.equal(here.http.seen.length, 1);
  here.clock.now += 1_000;
  await here.server.ask(QUESTION);
  assert.equal(here.http.seen.length, 2);
});

test("problem details keep their code and their field", async () => {
  const details = { type: "urn:x", title: "Refused", status: 422, detail: "0 is out of range", code: "OUT_OF_RANGE", field: "/lines/0/quantity" };
  await using here = await setting(422, details, "application/problem+json");
  const problem = { code: "OUT_OF_RANGE", message: "0 is out of range", field: "/lines/0/quantity" };
  assert.deepEqual(await here.server.ask(QUESTION), { failure: problem });
  await here.server.ask(QUESTION);
  assert.equal(here.http.seen.length, 2, "a failure is not kept");
});

test("what is no estimate is a failure of the server, not an exception", async () => {
  for (const [status, body] of [[200, "<html>"], [200, "null"], [200, "{}"], [502, "Bad gateway"], [500, "[]"]] as const) {
    await using here = await setting(status, body);
    assert.equal(code(await here.server.ask(QUESTION)), "SERVER_FAILED", `${status} ${body}`);
  }
});

test("no network is said, and the next question tries again", async () => {
  let there = false;
  const answer = async () => {
    if (!there) throw new TypeError("fetch failed");
    return Response.json(estimate(rfc3339(NOW)));
  };
  const server = new Server(answer, "https://shop.test/estimates", () => NOW);
  assert.equal(code(await server.ask(QUESTION)), "OFFLINE");
  there = true;
  assert.equal(code(await server.ask(QUESTION)), "none");
});
