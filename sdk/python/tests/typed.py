"""Not run, only checked by mypy: what the types say about both clients."""

from __future__ import annotations

from wirebuddy import Answer, AsyncClient, Client, Page, errors
from wirebuddy.models import DryRun, Peer, RevisionDetail


def uses(client: Client) -> list[Peer]:
    created: Answer[Peer] = client.create_peer({"name": "phone", "interface": "wg0"}, wait=10)
    peer_id: str = created.data["id"]
    tag: str | None = created.etag
    dry: Answer[DryRun] = client.update_peer(peer_id, {"name": "b"}, dry_run=True)
    lines: list[str] = dry.data["diff"]
    client.update_peer(peer_id, {"name": "b", "persistent_keepalive": None}, if_match=tag)
    picture: bytes = client.get_peer_qr_code(peer_id, format="png").data
    text: str = client.get_peer_config(peer_id, platform="linux").data
    page: Page[Peer] = client.list_peers(interface="wg0", limit=10)
    record: RevisionDetail = client.wait_for_revision(created.revision or "")
    for event in client.stream_events():
        print(event.event, event.data)
    try:
        client.enable_peer(peer_id)
    except errors.Invalid as error:
        print(error.fields["ip"], lines, picture, text, page.total, record["id"])
    client.create_peer({"interface": "wg0"})  # type: ignore[call-overload]
    client.create_peer({"name": "a", "interface": "wg0", "owned": "b"})  # type: ignore[call-overload]
    client.delete_peer(peer_id, dryrun=True)  # type: ignore[call-overload]
    return list(client.iter_peers(interface="wg0"))


async def uses_async(client: AsyncClient) -> Peer:
    async for peer in client.iter_peers():
        return peer
    return (await client.get_peer("1")).data
