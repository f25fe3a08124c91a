/** Pages, iterators, and waiting for a revision. */
import assert from "node:assert/strict";
import test from "node:test";
import { RevisionFailed, WaitTimedOut } from "../src/index.js";
import { ok, withGateway } from "./gateway.js";

function page(names, total, offset) {
  const numbers = { total, limit: 2, offset };
  return ok({ peers: names.map((name) => ({ name })), ...numbers }, numbers);
}

test("a page knows where it stands", withGateway(async (gateway, client) => {
  gateway.answer(200, page(["a", "b"], 5, 2));
  const found = await client.listPeers({ interface: "wg0", limit: 2, offset: 2 });
  assert.deepEqual(found.data, [{ name: "a" }, { name: "b" }]);
  assert.deepEqual([found.total, found.limit, found.offset], [5, 2, 2]);
  assert.equal(gateway.requests[0].path, "/api/peers?interface=wg0&limit=2&offset=2");
}));

test("an iterator reads page after page", withGateway(async (gateway, client) => {
  gateway.answer(200, page(["a", "b"], 3, 0));
  gateway.answer(200, page(["c"], 3, 2));
  const names = [];
  for await (const peer of client.iterPeers({ limit: 2 })) names.push(peer.name);
  assert.deepEqual(names, ["a", "b", "c"]);
  assert.deepEqual(gateway.requests.map((request) => request.path), [
    "/api/peers?limit=2&offset=0",
    "/api/peers?limit=2&offset=2",
  ]);
}));

test("an iterator ends where rows vanish meanwhile", withGateway(async (gateway, client) => {
  gateway.answer(200, page(["a"], 3, 0));
  gateway.answer(200, page([], 1, 1));
  let count = 0;
  for await (const _ of client.iterPeers()) count += 1;
  assert.equal(count, 1);
}));

const revision = (result, id = "r1") => ok({ id, result, message: null });

test("waiting for a revision", withGateway(async (gateway, client) => {
  for (const result of [null, "pending", "applied", "failed", "pending"]) gateway.answer(200, revision(result));
  assert.equal((await client.waitForRevision("r1")).result, "applied");
  assert.equal(gateway.pauses.length, 2);
  await assert.rejects(client.waitForRevision("r1"), RevisionFailed);
  await assert.rejects(client.waitForRevision("r1", { timeout: 0.01 }), WaitTimedOut);
}));

test("waiting for the revision that took its place", withGateway(async (gateway, client) => {
  gateway.answer(200, revision("superseded"));
  gateway.answer(200, ok([{ id: "r2" }], { total: 9, limit: 1, offset: 0 }));
  gateway.answer(200, revision("applied", "r2"));
  assert.equal((await client.waitForRevision("r1")).id, "r2");
}));
