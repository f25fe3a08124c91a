"""Pages, iterators, and waiting for a revision."""

import pytest
from wirebuddy import errors


def page(names, total, offset, **more):
    numbers = {"total": total, "limit": 2, "offset": offset}
    return {"success": True, "data": {"peers": [{"name": name} for name in names], **numbers}, **numbers}


def test_a_page_knows_where_it_stands(gateway, client):
    gateway.answer(200, page(["a", "b"], 5, 2))
    found = client.list_peers(interface="wg0", limit=2, offset=2)
    assert [row["name"] for row in found.data] == ["a", "b"]
    assert (found.total, found.limit, found.offset) == (5, 2, 2)
    assert gateway.requests[0]["path"] == "/api/peers?interface=wg0&limit=2&offset=2"


def test_an_iterator_reads_page_after_page(gateway, client):
    gateway.answer(200, page(["a", "b"], 3, 0))
    gateway.answer(200, page(["c"], 3, 2))
    assert [peer["name"] for peer in client.iter_peers(page_size=2)] == ["a", "b", "c"]
    assert [request["path"] for request in gateway.requests] == [
        "/api/peers?limit=2&offset=0", "/api/peers?limit=2&offset=2"]  # fmt: skip


def test_an_iterator_ends_where_rows_vanish_meanwhile(gateway, client):
    gateway.answer(200, page(["a"], 3, 0))
    gateway.answer(200, page([], 1, 1))
    assert len(list(client.iter_peers())) == 1


def revision(result, name="r1", message=None):
    return {"success": True, "data": {"id": name, "result": result, "message": message}}


def test_waiting_for_a_revision(gateway, client, pauses):
    for result in (None, "pending", "applied"):
        gateway.answer(200, revision(result))
    assert client.wait_for_revision("r1")["result"] == "applied"
    assert len(pauses) == 2


def test_waiting_for_the_one_that_took_its_place(gateway, client):
    gateway.answer(200, revision("superseded"))
    gateway.answer(200, {"success": True, "data": [{"id": "r2"}], "total": 9, "limit": 1, "offset": 0})
    gateway.answer(200, revision("applied", "r2"))
    assert client.wait_for_revision("r1")["id"] == "r2"
    assert gateway.requests[-1]["path"] == "/api/revisions/r2"


def test_a_revision_that_never_will_be(gateway, client):
    gateway.answer(200, revision("failed", message="wg0.yaml:3: no"))
    with pytest.raises(errors.RevisionFailed, match="r1 failed: wg0.yaml:3: no") as caught:
        client.wait_for_revision("r1")
    assert caught.value.record["id"] == "r1"


def test_waiting_ends(gateway, client):
    gateway.answer(200, revision("pending"))
    with pytest.raises(errors.WaitTimedOut):
        client.wait_for_revision("r1", timeout=0.01)
