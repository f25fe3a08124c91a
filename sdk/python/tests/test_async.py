"""The client for asyncio does what the other one does."""

import asyncio

import pytest
from wirebuddy import AsyncClient, Client, errors


def run(gateway, work):
    pauses = []

    async def sleep(seconds):
        pauses.append(seconds)

    async def all_of_it():
        async with AsyncClient(gateway.url, token="wb_test", sleep=sleep) as client:
            return await work(client), pauses

    return asyncio.run(all_of_it())


def test_both_have_the_same_methods():
    def methods(kind):
        return {name for name in dir(kind) if not name.startswith("_")}

    assert methods(AsyncClient) == methods(Client)


def test_reads_retry_and_errors(gateway):
    gateway.refuse(429, "Too Many Requests", "wait", Retry_After="2")
    gateway.answer(200, {"success": True, "data": {"name": "a"}})
    answer, pauses = run(gateway, lambda client: client.get_peer("1"))
    assert answer.data == {"name": "a"} and pauses == [2.0]
    gateway.refuse(404, "Not Found", "no such peer")
    with pytest.raises(errors.NotFound):
        run(gateway, lambda client: client.get_peer("1"))
    gateway.lose()
    with pytest.raises(errors.ConnectionFailed):
        run(gateway, lambda client: client.delete_peer("1"))


def test_lists_revisions_and_events(gateway):
    rows = {"total": 2, "limit": 1}
    gateway.answer(200, {"success": True, "data": {"peers": [{"name": "a"}]}, **rows, "offset": 0})
    gateway.answer(200, {"success": True, "data": {"peers": [{"name": "b"}]}, **rows, "offset": 1})
    gateway.answer(200, {"success": True, "data": {"result": None}})
    gateway.answer(200, {"success": True, "data": {"result": "applied"}})
    gateway.answer(200, [b"id: 1\ndata: 1\n\n"], Content_Type="text/event-stream")
    gateway.answer(200, [b"id: 2\ndata: 2\n\n"], Content_Type="text/event-stream")

    async def work(client):
        names = [peer["name"] async for peer in client.iter_peers(page_size=1)]
        assert (await client.wait_for_revision("r1"))["result"] == "applied"
        async for event in client.stream_events():
            names.append(event.data)
            if event.data == 2:
                return names

    assert run(gateway, work)[0] == ["a", "b", 1, 2]
    assert gateway.requests[-1]["headers"]["Last-Event-ID"] == "1"
