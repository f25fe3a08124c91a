/** Uses the JavaScript SDK against the gateway of test_clients.py, and prints what it saw. */
import { Client } from "../../sdk/javascript/src/index.js";

const client = new Client({ baseUrl: process.env.WIREBUDDY_URL });
const seen = {};
const nameOf = async (request) => request.then(() => "accepted", (error) => error.name);

const made = await client.createPeer({ name: "javascript", interface: "wg0" }, { wait: "0" });
seen.created = made.status;
seen.applied = (await client.waitForRevision(made.revision, { timeout: 20 })).result;
const { etag } = await client.getPeer(made.data.id);
await client.updatePeer(made.data.id, { description: "one" }, { ifMatch: etag });
seen.stale = await nameOf(client.updatePeer(made.data.id, { description: "two" }, { ifMatch: etag }));
seen.dry = (await client.deletePeer(made.data.id, { dryRun: true })).beside.dry_run;
seen.taken = await nameOf(client.createPeer({ name: "javascript", interface: "wg0" }));
try {
  await client.createPeer({ name: "other", interface: "wg0", ip: "10.9.0.1" });
} catch (error) {
  seen.fields = Object.keys(error.fields);
}
const key = { idempotencyKey: "js-key" };
const first = await client.createPeer({ name: "js-once", interface: "wg0" }, key);
const again = await client.createPeer({ name: "js-once", interface: "wg0" }, key);
seen.once = first.data.id === again.data.id;

for (let number = 0; number < 5; number += 1) await client.createPeer({ name: `js-page-${number}`, interface: "wg0" });
seen.pages = 0;
for await (const peer of client.iterPeers({ search: "js-page-", limit: 2 })) if (peer.interface === "wg0") seen.pages += 1;

const stop = new AbortController();
const events = client.streamEvents({ signal: stop.signal });
const next = events.next();
const writer = (async () => {
  for (let number = 0; !stop.signal.aborted; number += 1) {
    await client.createPeer({ name: `js-event-${number}`, interface: "wg0" });
  }
})();
for (let event = await next; ; event = await events.next()) {
  if (event.value.event === "pass") {
    seen.event = event.value.data.type;
    break;
  }
}
stop.abort();
await writer;
console.log(JSON.stringify(seen));
