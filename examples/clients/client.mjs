#!/usr/bin/env node
/**
 * client.mjs NAME [INTERFACE]: create a peer, write its QR code to NAME.png, print the drift report.
 *
 * Elsewhere: `npm install ./sdk/javascript` and import "wirebuddy-js". The gateway's address is in WIREBUDDY_URL, a token of an
 * admin with permission `full` in WIREBUDDY_API_TOKEN.
 */
import { writeFile } from "node:fs/promises";
import { APIError, Client } from "../../sdk/javascript/src/index.js";

const [name, wireguard = "wg0"] = process.argv.slice(2);
const gateway = new Client({ baseUrl: process.env.WIREBUDDY_URL ?? "http://127.0.0.1:8080" });

try {
  const peer = await gateway.createPeer({ name, interface: wireguard });
  console.log(`${peer.data.name}: ${peer.data.ip}, ${peer.reconcile?.state ?? "unknown"}`);

  await writeFile(`${name}.png`, (await gateway.getPeerQRCode(peer.data.id)).data);
  console.log(`${name}.png`);

  const { changes } = (await gateway.getDrift()).data;
  console.log(`drift: ${changes.length}`);
  for (const change of changes) console.log(`  ${change.action} ${change.kind} ${change.name}`);
} catch (error) {
  if (!(error instanceof APIError)) throw error;
  console.error(`client.mjs: ${error.message}`);
  process.exitCode = 1;
}
