/** Not run, only checked by `tsc`: what the declarations say about the client. */
import { APIError, Client, Invalid, RETRY, type Peer } from "../src/index.js";

const client = new Client({ baseUrl: "https://vpn.example.com", token: "wb_…", retry: { ...RETRY, attempts: 1 } });

export async function uses(): Promise<Peer[]> {
  const created = await client.createPeer({ name: "phone", interface: "wg0" }, { wait: "10s" });
  const id: string = created.data.id;
  const tag: string | null = created.etag;
  const dry = await client.updatePeer(id, { name: "b" }, { dryRun: true });
  const diff: string[] = dry.data.diff;
  await client.updatePeer(id, { name: "b", persistent_keepalive: null }, { ifMatch: tag ?? undefined });
  const picture: Uint8Array = (await client.getPeerQRCode(id, { format: "png" })).data;
  const text: string = (await client.getPeerConfig(id, { platform: "linux" })).data;
  const peers: Peer[] = [];
  for await (const peer of client.iterPeers({ interface: "wg0" })) peers.push(peer);
  const page = await client.listPeers({ limit: 10, signal: new AbortController().signal });
  const total: number = page.total;
  await client.waitForRevision(created.revision ?? "", { timeout: 5 });
  for await (const event of client.streamEvents()) if (event.event === "pass") break;
  try {
    await client.enablePeer(id);
  } catch (error) {
    if (error instanceof Invalid) console.log(error.fields["ip"], diff, picture, text, total);
    else if (error instanceof APIError) console.log(error.status, error.retryAfter);
  }
  // @ts-expect-error: a peer has a name
  await client.createPeer({ interface: "wg0" });
  // @ts-expect-error: no such field
  await client.createPeer({ name: "a", interface: "wg0", owned: "anna" });
  // @ts-expect-error: no such option
  await client.deletePeer(id, { dryrun: true });
  return peers;
}
