"""Every operation as everybody: each cell of the table in docs/authorization.md, by a request."""

import base64
import os

import authorization
import httpx
import pytest
from served.server import URL, Server, in_an_hour

ROWS = authorization.rows()
#: The objects that go by a name, besides interfaces.
NAMES = {"/api/dns/": "ads", "/api/access/": "ops", "/api/forwards/": "web"}
ENROLMENT = {"token": "x", "username": "eve", "email": "eve@example.com", "password": "SecurePassword123!"}


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    server = Server(tmp_path_factory.mktemp("api") / "gateway")
    try:
        yield prepared(server.start())
    finally:
        server.close()


def prepared(server):
    expired = server.token("expired", "full", "--expires", "30d")
    revoked = server.token("revoked")
    elsewhere = server.token("elsewhere", "full", "--allowed-ips", "203.0.113.0/24")
    # Nothing else is wrong with them than what their columns say.
    here = server.token("here", "full", "--allowed-ips", "203.0.113.0/24,127.0.0.1/32")
    for good in (expired, revoked, here):
        server.get("/api/settings", token=good)
    server.database("UPDATE api_token SET expires_at = 1 WHERE name = 'expired'")
    server.wirebuddy("token", "revoke", "revoked")
    for bad in (expired, revoked, elsewhere):
        server.get("/api/settings", token=bad, expect=401)
    owner, _ = server.user("owner"), server.user("other")
    peer = server.peer("owned", owner="owner")
    server.post(
        "/api/dns/blocklists",
        {"name": "ads", "url": "https://lists.example.com/ads.txt", "format": "hosts", "enabled": False},
        expect=201,
    )
    rule = server.post("/api/dns/rules", {"action": "block", "domain": "a.example", "client": "owned"}, expect=201)
    server.post("/api/access", {"name": "ops", "from": {"labels": {"team": "ops"}}, "to": "10.20.0.0/24"}, expect=201)
    server.post("/api/forwards", {"name": "web", "port": 8443, "to": {"peer": "owned"}}, expect=201)
    return {
        "server": server,
        "peer": peer["id"],
        "user": owner["id"],
        "rule": rule.json()["data"]["id"],
        "proofs": {
            "anonymous": None,
            "user": server.session("other", "SecurePassword123!"),
            "owner": server.session("owner", "SecurePassword123!"),
            "read-only": server.token("reader", "read"),
            "full": server.admin,
            "expired": expired,
            "revoked": revoked,
            "elsewhere": elsewhere,
            "admin": server.session(),
        },
    }


def public_key():
    return base64.b64encode(os.urandom(31) + b"\x40").decode()


def body_of(row, world):
    """A body with which the operation succeeds."""
    unique = os.urandom(4).hex()
    return {
        "createInterface": {"name": "wg7", "address": "10.77.0.1/24", "listen_port": 51877},
        "updateInterface": {"description": "x"},
        "patchInterface": {"description": "x"},
        "createPeer": {"name": f"p-{unique}", "interface": "wg0"},
        "updatePeer": {"description": "x"},
        "patchPeer": {"description": "x"},
        "createUser": {
            "username": f"u-{unique}",
            "email": f"{unique}@example.com",
            "password": "SecurePassword123!",
            "role": "user",
        },
        "updateUser": {"full_name": "x"},
        "patchUser": {"full_name": "x"},
        "updateSettings": {"public_endpoint": "vpn.example.com"},
        "patchSettings": {"public_endpoint": "vpn.example.com"},
        "updateDNSSettings": {"enabled": False, "timeout": "3s"},
        "patchDNSSettings": {"enabled": False, "timeout": "3s"},
        "createBlocklist": {"name": f"l-{unique}", "url": "https://lists.example.com/l.txt", "format": "hosts"},
        "updateBlocklist": {"refresh": "1d"},
        "patchBlocklist": {"refresh": "1d"},
        "createDNSRule": {"action": "block", "domain": f"{unique}.example"},
        "updateDNSRule": {"comment": "x"},
        "patchDNSRule": {"comment": "x"},
        "createAccess": {"name": f"a-{unique}", "from": {"interfaces": "wg0"}, "to": "10.30.0.0/24"},
        "updateAccess": {"ports": "tcp/443"},
        "patchAccess": {"ports": "tcp/443"},
        "createForward": {"name": f"f-{unique}", "port": 4443, "to": {"peer": "owned"}},
        "updateForward": {"description": "x"},
        "patchForward": {"description": "x"},
        "createApproval": {"digests": [os.urandom(6).hex()], "reason": "a test", "expires": "2099-01-01T00:00:00Z"},
        "pauseDNS": {"duration": "1h"},
        "login": {},
        "enrol": ENROLMENT,
        "changePassword": {"current_password": "SecurePassword123!", "new_password": "short"},
        "createToken": {"name": f"t-{unique}", "permission": "read"},
        "createPlan": {"files": {"wg0.yaml": "kind: Interface\nname: wg0\naddress: 10.8.0.1/24\nlisten_port: 51820\n"}},
        "createRevocation": {"public_key": public_key(), "for": "1h"},
        "suspend": {"reason": "a test", "until": in_an_hour()},
        "batch": {"writes": [{"method": "POST", "path": "/api/peers", "body": {"name": "b", "interface": "wg0"}}]},
    }.get(row.id)


def prepare(row, column, world):
    """The path and query of a request, and what has to be there before it."""
    server = world["server"]
    name = next((name for start, name in NAMES.items() if row.path.startswith(start)), "wg0")
    path = row.path.replace("{name}", name)
    if row.path.startswith(("/api/peers/", "/api/metrics/peers/")):
        path = path.replace("{id}", world["peer"])
    elif row.path.startswith("/api/dns/rules/"):
        path = path.replace("{id}", world["rule"])
    elif row.path.startswith("/api/users/"):
        path = path.replace("{id}", world["user"])
    elif row.path.startswith("/api/revisions/"):
        path = path.replace("{id}", server.head)
    elif row.id == "deleteToken":
        made = server.post("/api/tokens", {"name": os.urandom(4).hex()}, expect=201, token=world["proofs"]["owner"])
        path = path.replace("{id}", made.json()["data"]["id"])
    query = {"dry_run": "true"} if row.has_dry_run else {}
    if row.id == "explainDNS":
        query["domain"] = "a.example"
    if row.id == "explainAccess":
        query |= {"from": "owned", "to": "gateway", "port": "icmp"}
    if row.id == "deleteInterface":
        query["cascade"] = "true"
    if row.id == "deleteRevocation":
        key = public_key()
        server.post("/api/revocations", {"public_key": key, "for": "1h"}, expect=201)
        query["public_key"] = key
    return path, query


@pytest.mark.parametrize("column", authorization.COLUMNS)
@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.id)
def test_cell(world, row, column):
    path, query = prepare(row, column, world)
    proof = world["proofs"][column]
    if row.id == "logout" and proof is not None and not proof.startswith("wb_"):
        # A session of its own: the others go on.
        proof = world["server"].session(
            *{"admin": (), "owner": ("owner", "SecurePassword123!"), "user": ("other", "SecurePassword123!")}[column]
        )
    headers = {} if proof is None else {"Authorization": f"Bearer {proof}"}
    with httpx.stream(
        row.method, URL + path, params=query, headers=headers, json=body_of(row, world), timeout=90
    ) as answer:
        if answer.headers.get("content-type") != "text/event-stream":
            answer.read()
        text = "" if not answer.is_closed and not answer.is_stream_consumed else answer.text
        assert answer.status_code == row.statuses[column], f"{row.id} as {column}: {text}{world['server'].log_tail()}"
        if answer.status_code == 401:
            assert answer.json()["error"] == "Unauthorized"


def test_the_page_is_fresh():
    assert authorization.PAGE.read_text() == authorization.page(), "run: python3 Tests/API/authorization.py --write"


def test_every_operation_has_a_row():
    assert len({row.id for row in ROWS}) == len(ROWS) > 50
    unknown = (set(authorization.OVERRIDES) | set(authorization.ANSWERS)) - {row.id for row in ROWS}
    assert not unknown
