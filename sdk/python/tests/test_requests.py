"""What goes over the wire, and what comes back."""

import json
import os
import socketserver
import threading

import pytest
from wirebuddy import APIError, Client, errors

PEER = {"id": "123e4567-e89b-12d3-a456-426614174000", "name": "phone", "interface": "wg0"}


def ok(data, **beside):
    return {"success": True, "data": data, **beside}


def test_a_read_shows_its_data_and_what_stands_beside_it(gateway, client):
    gateway.answer(200, ok(PEER), ETag='"a1"', X_WireBuddy_Revision="r1", X_Request_Id="q1")
    answer = client.get_peer(PEER["id"])
    assert answer.data == PEER
    assert (answer.status, answer.etag, answer.revision, answer.request_id) == (200, '"a1"', "r1", "q1")
    (request,) = gateway.requests
    assert (request["method"], request["path"]) == ("GET", f"/api/peers/{PEER['id']}")
    assert request["headers"]["Authorization"] == "Bearer wb_test"


def test_a_create_carries_a_key_and_shows_what_became_of_it(gateway, client):
    reconcile = {"revision": "r2", "state": "converged", "changes": 1, "errors": []}
    gateway.answer(201, ok(PEER, message="Resource created successfully", reconcile=reconcile), ETag='"a1"')
    answer = client.create_peer({"name": "Zoë", "interface": "wg0"}, wait="3")
    assert (answer.message, answer.reconcile, answer.revision) == ("Resource created successfully", reconcile, "r2")
    (request,) = gateway.requests
    assert request["path"] == "/api/peers?wait=3"
    assert json.loads(request["body"]) == {"name": "Zoë", "interface": "wg0"}
    assert request["headers"]["Content-Type"] == "application/json"
    assert len(request["headers"]["Idempotency-Key"]) == 36


def test_two_creates_have_two_keys_and_a_given_one_is_kept(gateway, client):
    for _ in range(3):
        gateway.answer(201, ok(PEER))
    client.create_peer({"name": "a", "interface": "wg0"})
    client.create_peer({"name": "a", "interface": "wg0"})
    client.create_peer({"name": "a", "interface": "wg0"}, idempotency_key="mine")
    keys = [request["headers"]["Idempotency-Key"] for request in gateway.requests]
    assert keys[0] != keys[1] and keys[2] == "mine"


def test_a_write_can_name_the_tag_that_it_saw(gateway, client):
    gateway.refuse(412, "Precondition Failed", "the peer has changed")
    with pytest.raises(errors.PreconditionFailed):
        client.update_peer(PEER["id"], {"name": "b"}, if_match='"a1"', dry_run=True)
    (request,) = gateway.requests
    assert request["headers"]["If-Match"] == '"a1"'
    assert request["path"].endswith("?dry_run=true")
    assert request["headers"]["Idempotency-Key"] is None


def test_a_name_stays_one_part_of_the_path(gateway, client):
    gateway.answer(200, ok({}))
    client.get_interface("wg0/../../users?x=1#y")
    assert gateway.requests[0]["path"] == "/api/interfaces/wg0%2F..%2F..%2Fusers%3Fx%3D1%23y"
    for name in ("", ".", ".."):
        with pytest.raises(ValueError, match="no name or id"):
            client.get_interface(name)
    assert len(gateway.requests) == 1


def test_text_and_pictures_are_no_json(gateway, client):
    gateway.answer(200, b"[Interface]\n", Content_Type="text/plain")
    gateway.answer(200, b"\x89PNG", Content_Type="image/png")
    assert client.get_peer_config("1").data == "[Interface]\n"
    assert client.get_peer_qr_code("1").data == b"\x89PNG"


@pytest.mark.parametrize(("status", "kind"), sorted(errors._CLASSES.items()))
def test_every_status_has_its_error(gateway, client, status, kind):
    for _ in range(4):
        gateway.refuse(status, "Name", "why", {"a": 1}, Retry_After="0")
    with pytest.raises(kind) as caught:
        client.get_peer("1")
    error = caught.value
    assert type(error) is kind and isinstance(error, APIError)
    assert (error.status, error.error, error.message, error.details) == (status, "Name", "why", {"a": 1})
    assert str(error) == f"{status} Name: why"


def test_fields_of_a_422_are_named(gateway, client):
    fields = [{"field": "ip", "message": "no address"}, {"field": "name", "message": "is taken"}]
    gateway.refuse(422, "Unprocessable Content", "2 fields are not valid", {"fields": fields})
    with pytest.raises(errors.Invalid) as caught:
        client.create_peer({"name": "", "interface": "wg0"})
    assert caught.value.fields == {"ip": "no address", "name": "is taken"}


def test_an_answer_of_something_in_between_is_an_error_too(gateway, client):
    gateway.answer(502, b"<html>Bad Gateway", Content_Type="text/html")
    with pytest.raises(APIError, match="502"):
        client.get_peer("1")


def test_a_redirect_is_no_answer_and_gets_no_token(gateway, client):
    gateway.answer(302, b"", Location="http://127.0.0.1:1/steal")
    with pytest.raises(APIError, match="302"):
        client.get_peer("1")
    assert len(gateway.requests) == 1


def test_the_token_comes_from_the_environment(gateway, monkeypatch):
    monkeypatch.setenv("WIREBUDDY_API_TOKEN", "wb_env")
    gateway.answer(200, ok(PEER))
    with Client(gateway.url + "/api/") as client:
        client.get_peer("1")
        assert "wb_env" not in repr(client)
    assert gateway.requests[0]["headers"]["Authorization"] == "Bearer wb_env"
    assert gateway.requests[0]["path"] == "/api/peers/1"


def test_the_socket_of_the_host_needs_no_token(tmp_path, monkeypatch):
    monkeypatch.setenv("WIREBUDDY_API_TOKEN", "wb_env")
    path = os.fspath(tmp_path / "wirebuddy.sock")
    seen = []

    class Handler(socketserver.StreamRequestHandler):
        def handle(self):
            while (line := self.rfile.readline()) not in (b"\r\n", b""):
                seen.append(line)
            body = json.dumps(ok(PEER)).encode()
            self.wfile.write(
                b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\nConnection: close\r\n\r\n%s" % (len(body), body)
            )

    with socketserver.ThreadingUnixStreamServer(path, Handler) as server:
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        with Client(unix_socket=path) as client:
            assert client.get_peer("1").data == PEER
        server.shutdown()
    assert not [line for line in seen if line.lower().startswith(b"authorization")]


def test_only_http_is_a_base(monkeypatch):
    with pytest.raises(ValueError, match="no http or https URL"):
        Client("ftp://vpn.example.com")
