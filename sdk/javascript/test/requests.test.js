/** What goes over the wire, and what comes back. */
import assert from "node:assert/strict";
import test from "node:test";
import * as sdk from "../src/index.js";
import { ok, withGateway } from "./gateway.js";

const peer = { id: "123e4567-e89b-12d3-a456-426614174000", name: "phone", interface: "wg0" };

test("a read shows its data and what stands beside it", withGateway(async (gateway, client) => {
  gateway.answer(200, ok(peer), { ETag: '"a1"', "X-WireBuddy-Revision": "r1", "X-Request-Id": "q1" });
  const answer = await client.getPeer(peer.id);
  assert.deepEqual(answer.data, peer);
  assert.deepEqual([answer.status, answer.etag, answer.revision, answer.requestId], [200, '"a1"', "r1", "q1"]);
  const [request] = gateway.requests;
  assert.equal(request.path, `/api/peers/${peer.id}`);
  assert.equal(request.headers.authorization, "Bearer wb_test");
}));

test("a create carries a key and shows what became of it", withGateway(async (gateway, client) => {
  const reconcile = { revision: "r2", state: "converged", changes: 1, errors: [] };
  gateway.answer(201, ok(peer, { message: "Resource created successfully", reconcile }));
  gateway.answer(201, ok(peer));
  gateway.answer(201, ok(peer));
  const answer = await client.createPeer({ name: "Zoë", interface: "wg0" }, { wait: "3s" });
  assert.equal(answer.message, "Resource created successfully");
  assert.equal(answer.revision, "r2");
  await client.createPeer({ name: "a", interface: "wg0" });
  await client.createPeer({ name: "a", interface: "wg0" }, { idempotencyKey: "mine" });
  const [first, second, third] = gateway.requests;
  assert.equal(first.path, "/api/peers?wait=3s");
  assert.deepEqual(JSON.parse(first.body), { name: "Zoë", interface: "wg0" });
  assert.equal(first.headers["content-type"], "application/json");
  assert.ok(first.headers["idempotency-key"].length >= 32);
  assert.notEqual(first.headers["idempotency-key"], second.headers["idempotency-key"]);
  assert.equal(third.headers["idempotency-key"], "mine");
}));

test("a write can name the tag that it saw", withGateway(async (gateway, client) => {
  gateway.refuse(412, "the peer has changed");
  const write = client.updatePeer(peer.id, { name: "b" }, { ifMatch: '"a1"', dryRun: true });
  await assert.rejects(write, sdk.PreconditionFailed);
  const [request] = gateway.requests;
  assert.equal(request.headers["if-match"], '"a1"');
  assert.equal(request.path, `/api/peers/${peer.id}?dry_run=true`);
  assert.equal(request.headers["idempotency-key"], undefined);
}));

test("a name stays one part of the path", withGateway(async (gateway, client) => {
  gateway.answer(200, ok({}));
  await client.getInterface("wg0/../../users?x=1#y");
  assert.equal(gateway.requests[0].path, "/api/interfaces/wg0%2F..%2F..%2Fusers%3Fx%3D1%23y");
  for (const name of ["", ".", "..", undefined, null, {}]) {
    await assert.rejects(client.getInterface(name), TypeError);
  }
  assert.equal(gateway.requests.length, 1);
}));

test("a typo is no request", withGateway(async (gateway, client) => {
  await assert.rejects(client.deletePeer("1", { dryrun: true }), /no option dryrun/);
  await assert.rejects(client.createPeer(), /no body/);
  assert.equal(gateway.requests.length, 0);
}));

test("text and pictures are no json", withGateway(async (gateway, client) => {
  gateway.answer(200, "[Interface]\n", { "Content-Type": "text/plain" });
  gateway.answer(200, Buffer.from("\x89PNG", "latin1"), { "Content-Type": "image/png" });
  assert.equal((await client.getPeerConfig("1")).data, "[Interface]\n");
  assert.deepEqual((await client.getPeerQRCode("1")).data, new Uint8Array([0x89, 0x50, 0x4e, 0x47]));
}));

test("every status has its error", withGateway(async (gateway) => {
  const client = gateway.client({ retry: sdk.NO_RETRY });
  const kinds = {
    400: sdk.BadRequest, 401: sdk.Unauthorized, 403: sdk.Forbidden, 404: sdk.NotFound, 405: sdk.MethodNotAllowed,
    409: sdk.Conflict, 412: sdk.PreconditionFailed, 413: sdk.ContentTooLarge, 415: sdk.UnsupportedMediaType,
    422: sdk.Invalid, 429: sdk.RateLimited, 500: sdk.ServerError, 503: sdk.NotReady, 418: sdk.APIError,
  };
  for (const [status, kind] of Object.entries(kinds)) {
    gateway.refuse(Number(status), "why", { "Retry-After": "9" }, { fields: [{ field: "ip", message: "no" }] });
    await assert.rejects(client.getPeer("1"), (error) => {
      assert.equal(error.constructor, kind);
      assert.equal(error.name, kind.name);
      assert.equal(error.message, `${status} Name: why`);
      assert.deepEqual([error.sentence, error.fields, error.retryAfter], ["why", { ip: "no" }, 9]);
      return true;
    });
  }
}));

test("an answer of something in between is an error too", withGateway(async (gateway, client) => {
  gateway.answer(502, "<html>Bad Gateway", { "Content-Type": "text/html" });
  await assert.rejects(client.getPeer("1"), /^APIError: 502/);
}));

test("a redirect gets no token", withGateway(async (gateway) => {
  gateway.answer(302, "", { Location: "/steal" });
  await assert.rejects(gateway.client({ retry: sdk.NO_RETRY }).getPeer("1"), sdk.ConnectionFailed);
  assert.equal(gateway.requests.length, 1);
}));

test("the token comes from the environment", withGateway(async (gateway) => {
  process.env.WIREBUDDY_API_TOKEN = "wb_env";
  try {
    gateway.answer(200, ok(peer));
    await new sdk.Client({ baseUrl: `${gateway.url}/api/` }).getPeer("1");
  } finally {
    delete process.env.WIREBUDDY_API_TOKEN;
  }
  assert.equal(gateway.requests[0].headers.authorization, "Bearer wb_env");
  assert.equal(gateway.requests[0].path, "/api/peers/1");
  assert.throws(() => new sdk.Client({ baseUrl: "ftp://vpn.example.com" }), TypeError);
}));

test("a signal ends a request, and the waiting for another try", withGateway(async (gateway) => {
  const stop = new AbortController();
  gateway.refuse(429, "wait", { "Retry-After": "50" });
  const request = gateway.client({ sleep: undefined }).getPeer("1", { signal: stop.signal });
  setTimeout(() => stop.abort(new Error("enough")), 100);
  await assert.rejects(request, /enough/);
}));

test("a gateway that does not answer is given up", withGateway(async (gateway) => {
  gateway.server.removeAllListeners("request");
  const client = gateway.client({ timeout: 0.05, retry: sdk.NO_RETRY });
  await assert.rejects(client.getPeer("1"), /ConnectionFailed: GET \/api\/peers\/1: timed out/);
}));
