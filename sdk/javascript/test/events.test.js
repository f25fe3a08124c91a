/** Server-sent events: the format, and going on after a lost connection. */
import assert from "node:assert/strict";
import test from "node:test";
import { EventParser } from "../src/events.js";
import { Unauthorized } from "../src/index.js";
import { withGateway } from "./gateway.js";

const stream = { "Content-Type": "text/event-stream" };
const bytes = (text) => new TextEncoder().encode(text);

test("the format", () => {
  const text = ': hello\nretry: 1500\nid: 7\nevent: pass\ndata: {"a":\ndata: 1}\n\ndata: plain\n\n\n';
  const parser = new EventParser();
  assert.deepEqual(parser.feed(bytes(text)), [
    { event: "pass", data: { a: 1 }, id: "7" },
    { event: "message", data: "plain", id: "7" },
  ]);
  assert.equal(parser.retry, 1.5);
});

test("chunks may end anywhere", () => {
  const text = bytes('id: 1\r\ndata: "Zoë\u2028"\r\n\r\nid: 2\ndata: 2\n\n');
  const whole = new EventParser().feed(text);
  assert.deepEqual(whole, [
    { event: "message", data: "Zoë\u2028", id: "1" },
    { event: "message", data: 2, id: "2" },
  ]);
  const parser = new EventParser();
  assert.deepEqual([...text].flatMap((byte) => parser.feed(new Uint8Array([byte]))), whole);
});

test("a stream goes on where it was", withGateway(async (gateway, client) => {
  gateway.answer(200, ["retry: 200\n\nid: 1\nevent: pass\ndata: 1\n\n", "id: 2\nda"], stream);
  gateway.refuse(503, "stopping", { "Retry-After": "4" });
  gateway.lose();
  gateway.answer(200, ["id: 2\nevent: pass\ndata: 2\n\n"], stream);
  const found = [];
  for await (const event of client.streamEvents()) {
    found.push(event.data);
    if (event.data === 2) break;
  }
  assert.deepEqual(found, [1, 2]);
  assert.deepEqual(gateway.requests.map((request) => request.headers["last-event-id"]), [undefined, "1", "1", "1"]);
  assert.deepEqual(gateway.pauses, [0.2, 4, 4]);
}));

test("a stream that is refused", withGateway(async (gateway, client) => {
  gateway.refuse(401, "Invalid or missing authentication token");
  await assert.rejects(client.streamEvents().next(), Unauthorized);
}));

test("one connection only, and a signal", withGateway(async (gateway, client) => {
  gateway.answer(200, ["id: 9\ndata: 1\n\n"], stream);
  const found = [];
  for await (const event of client.streamEvents({ lastEventId: "8", reconnect: false })) found.push(event.data);
  assert.deepEqual(found, [1]);
  assert.equal(gateway.requests[0].headers["last-event-id"], "8");
  const stop = new AbortController();
  gateway.answer(200, ["data: 1\n\n"], stream);
  await assert.rejects(async () => {
    for await (const _ of client.streamEvents({ signal: stop.signal })) stop.abort(new Error("enough"));
  }, /enough/);
}));
