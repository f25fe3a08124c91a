/** When a request is sent again: only what can't be done twice by it, and never for long. */
import assert from "node:assert/strict";
import test from "node:test";
import { ConnectionFailed, NO_RETRY, RateLimited } from "../src/index.js";
import { ok, withGateway } from "./gateway.js";

const limited = (gateway, after = "7") => gateway.refuse(429, "wait", { "Retry-After": after });

test("a read waits as long as the gateway says", withGateway(async (gateway, client) => {
  limited(gateway);
  gateway.refuse(503, "starting");
  gateway.lose();
  gateway.answer(200, ok({}));
  await client.getPeer("1");
  assert.deepEqual(gateway.pauses, [7, 0.5, 1]);
}));

test("a create is repeated with the same key", withGateway(async (gateway, client) => {
  limited(gateway, "1");
  gateway.lose();
  gateway.answer(201, ok({}));
  await client.createPeer({ name: "a", interface: "wg0" });
  assert.equal(gateway.requests.length, 3);
  assert.equal(new Set(gateway.requests.map((request) => request.headers["idempotency-key"])).size, 1);
}));

test("other writes are never repeated", withGateway(async (gateway, client) => {
  limited(gateway);
  await assert.rejects(client.deletePeer("1"), RateLimited);
  gateway.lose();
  await assert.rejects(client.updatePeer("1", { name: "b" }), ConnectionFailed);
  assert.equal(gateway.requests.length, 2);
  assert.deepEqual(gateway.pauses, []);
}));

test("the tries and the waits are bounded", withGateway(async (gateway, client) => {
  for (let count = 0; count < 4; count += 1) limited(gateway);
  await assert.rejects(client.getPeer("1"), RateLimited);
  assert.deepEqual(gateway.pauses, [7, 7, 7]);
  limited(gateway, "3600");
  await assert.rejects(client.getPeer("1"), RateLimited);
  limited(gateway);
  await assert.rejects(gateway.client({ retry: NO_RETRY }).getPeer("1"), RateLimited);
  assert.equal(gateway.requests.length, 6);
}));
