/** Calls methods of the JavaScript SDK as told on stdin, and prints what each one sends. */
import { readFileSync } from "node:fs";
import { Client } from "../../sdk/javascript/src/index.js";

const calls = JSON.parse(readFileSync(0, "utf8"));
let sent;
const fetch = async (url, options) => {
  sent = { url, ...options };
  return new Response(JSON.stringify({ success: true, data: [], total: 0, limit: 1, offset: 0 }), {
    headers: { "Content-Type": "application/json" },
  });
};
const client = new Client({ baseUrl: "http://gateway", token: "t", fetch });
const results = [];
for (const { id, given } of calls) {
  if (typeof client[id] !== "function") {
    results.push({ id, missing: true });
    continue;
  }
  await client[id](...given);
  const url = new URL(sent.url);
  results.push({
    id,
    method: sent.method,
    path: url.pathname,
    query: Object.fromEntries(url.searchParams),
    headers: Object.keys(sent.headers),
    body: sent.body === undefined ? null : JSON.parse(sent.body),
  });
}
const names = Object.getOwnPropertyNames(Client.prototype).filter((name) => name !== "constructor");
console.log(JSON.stringify({ results, names }));
