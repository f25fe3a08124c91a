"""What users try who want more than is theirs."""

import threading

import httpx
import pytest
from lab.namespace import wait_for
from served.server import URL, in_an_hour

PASSWORD = "SecurePassword123!"


@pytest.fixture(scope="module")
def people(server):
    """Two users, and a peer of each."""
    found = {}
    for name in ("mallory", "bob"):
        user = server.user(name)
        found[name] = {
            "id": user["id"],
            "peer": server.peer(f"{name}-phone", owner=name),
            "session": server.session(name, PASSWORD),
        }
    return found


# Mass assignment


@pytest.mark.parametrize(
    "body",
    [
        {"role": "admin"},
        {"username": "admin"},
        {"enabled": True},
        {"id": "00000000-0000-8000-8000-000000000000"},
        {"password_hash": "$argon2id$v=19$m=8,t=1,p=1$AAAAAAAAAAA$AAAAAAAAAAA"},
        {"is_admin": True},
        {"__proto__": {"role": "admin"}},
        {"full_name": "x", "role": "admin"},
        {"kind": "Settings"},
        {"permission": "full"},
    ],
)
def test_a_user_cannot_make_himself_more(server, people, body):
    path = f"/api/users/{people['mallory']['id']}"
    before = server.get(path).json()["data"]
    head = server.head
    answer = server.patch(path, body, token=people["mallory"]["session"], expect=None)
    same = all(before.get(name) == value for name, value in body.items())
    assert answer.status_code in ((200,) if same else (403, 409, 422)), answer.text
    assert server.get(path).json()["data"] == before and server.head == head


@pytest.mark.parametrize(
    "field",
    [
        "id",
        "status",
        "last_handshake",
        "transfer_rx",
        "observed",
        "observed_at",
        "etag",
        "has_private_key",
        "created_by",
        "kind",
    ],
)
def test_a_new_peer_takes_no_field_of_ours(server, field):
    head = server.head
    answer = server.post("/api/peers", {"name": "assigned", "interface": "wg0", field: "x"}, expect=422)
    assert [row["field"] for row in answer.json()["details"]["fields"]] == [field] and server.head == head


UUID = "00000000-0000-8000-8000-000000000000"
FOREIGN_FIELDS = {
    "/api/interfaces": (
        {"name": "wg8", "address": "10.88.0.1/24", "listen_port": 51888},
        {"status": "active", "peer_count": 0, "observed": {}, "etag": "x", "kind": "User", "role": "admin", "id": UUID},
    ),
    "/api/users": (
        {"username": "assigned", "email": "assigned@example.com", "password": PASSWORD, "role": "user"},
        {"is_admin": True, "password_hash": "x", "etag": "x", "kind": "Settings", "tokens": [], "permission": "full"},
    ),
    "/api/tokens": (
        {"name": "assigned", "permission": "read"},
        {"id": UUID, "token": "wb_x", "user_id": UUID, "owner": "bob", "role": "admin", "digest": "x"},
    ),
    "/api/auth/login": (
        {"username": "admin", "password": "Wr0ngPassword!"},
        {"role": "admin", "token": "x", "permission": "full"},
    ),
    "/api/revocations": (
        {"public_key": "q1Vu4jFx1u8yQxjJ3n1VYJ8HLX1eOa0WqHkXqWbYV0A=", "for": "1h"},
        {"by": "bob", "id": UUID},
    ),
    "/api/suspend": ({"reason": "x", "until": in_an_hour()}, {"by": "bob", "since": "2020-01-01T00:00:00Z"}),
}


@pytest.mark.parametrize(
    ("path", "field"), [(path, field) for path, (_, fields) in FOREIGN_FIELDS.items() for field in fields]
)
def test_no_body_takes_a_field_of_ours(server, path, field):
    body, fields = FOREIGN_FIELDS[path]
    head = server.head
    answer = server.post(path, body | {field: fields[field]}, expect=422)
    assert [row["field"] for row in answer.json()["details"]["fields"]] == [field] and server.head == head


def test_a_user_cannot_write_at_all(server, people):
    token = people["mallory"]["session"]
    peer = people["mallory"]["peer"]["id"]
    head = server.head
    for method, path, body in (
        ("PATCH", f"/api/peers/{peer}", {"owner": "bob"}),
        ("POST", "/api/peers", {"name": "x", "interface": "wg0"}),
        ("DELETE", f"/api/peers/{peer}", None),
        ("POST", f"/api/peers/{peer}/rotate-keys", None),
        ("POST", "/api/users", {"username": "eve", "email": "e@example.com", "password": PASSWORD, "role": "admin"}),
        ("POST", "/api/tokens", {"name": "mine", "permission": "full"}),
    ):
        assert server.request(method, path, body, token=token).status_code == 403, path
    assert server.head == head


# Objects of others


def test_objects_of_others_are_not_there(server, people):
    mine, others = people["mallory"], people["bob"]
    nobody = "00000000-0000-8000-8000-000000000000"
    for template in ("/api/peers/{}", "/api/peers/{}/config", "/api/peers/{}/qrcode"):
        assert server.get(template.format(mine["peer"]["id"]), token=mine["session"])
        refused = server.get(template.format(others["peer"]["id"]), token=mine["session"], expect=404)
        missing = server.get(template.format(nobody), token=mine["session"], expect=404)
        assert refused.json() == missing.json(), "nothing tells that it is there"
    for peer in (others["peer"]["id"].upper(), others["peer"]["id"] + "%00", "wg0%2Fbob-phone", "bob-phone"):
        assert server.get(f"/api/peers/{peer}/config", token=mine["session"], expect=None).status_code in (400, 404)
    server.get(f"/api/users/{others['id']}", token=mine["session"], expect=404)
    rows = server.get("/api/peers?limit=100", token=mine["session"])
    assert [row["name"] for row in rows.json()["data"]["peers"]] == ["mallory-phone"] and rows.json()["total"] == 1
    for query in ("search=bob", "owner=bob", "sort=-ip&search=10.8"):
        shown = server.get(f"/api/peers?{query}", token=mine["session"]).text
        assert "bob" not in shown and others["peer"]["public_key"] not in shown
    server.post("/api/tokens", {"name": "bobs"}, token=others["session"], expect=201)
    (token,) = server.get("/api/tokens", token=others["session"]).json()["data"]
    server.delete(f"/api/tokens/{token['id']}", token=mine["session"], expect=404)


def test_events_of_others_are_not_heard(server, people):
    """An admin hears of a pass and its revision; a user hears nothing of what is not his."""
    heard = {"admin": "", "mallory": ""}
    opened = {name: threading.Event() for name in heard}
    is_over = threading.Event()

    def listen(name, token):
        headers = {"Authorization": f"Bearer {token}"}
        with httpx.stream("GET", URL + "/api/events", headers=headers, timeout=httpx.Timeout(10, read=60)) as stream:
            assert stream.status_code == 200
            opened[name].set()
            for text in stream.iter_text():
                heard[name] += text
                if is_over.is_set():
                    return

    for name, token in (("admin", server.admin), ("mallory", people["mallory"]["session"])):
        threading.Thread(target=listen, args=(name, token), daemon=True).start()
        assert opened[name].wait(10)
    for number in range(3):
        server.peer(f"unheard-{number}", owner="bob")
    wait_for(lambda: heard["admin"].count("event: pass") >= 3, 10, what="the passes of the admin's stream")
    is_over.set()
    assert "event: revision" in heard["admin"]
    assert "data:" not in heard["mallory"], heard["mallory"]


def test_a_read_only_token_gets_no_keys(server, people):
    reader = server.post("/api/tokens", {"name": "reader"}, token=people["bob"]["session"], expect=201).json()["data"][
        "token"
    ]
    peer = people["bob"]["peer"]["id"]
    private = server.get(f"/api/peers/{peer}/config", token=people["bob"]["session"]).text.split("PrivateKey = ")[1][
        :44
    ]
    for path in ("", "/config", "/qrcode", "/qrcode?format=text"):
        answer = server.get(f"/api/peers/{peer}{path}", token=reader, expect=None)
        assert answer.status_code == (403 if path else 200) and private not in answer.text
    trusted = server.post(
        "/api/tokens", {"name": "trusted", "allow_secrets": True}, token=people["bob"]["session"], expect=201
    )
    assert private in server.get(f"/api/peers/{peer}/config", token=trusted.json()["data"]["token"]).text
