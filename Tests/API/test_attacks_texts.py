"""What is hidden in names, paths, headers and bodies."""

import gzip
import json
import os
import re
import time

import httpx
import pytest
from served.server import URL

PASSWORD = "SecurePassword123!"


# Injection


NAMES = [
    "a\r\nSet-Cookie: x=1",
    "a\nPrivateKey = x",
    'a"; filename="evil.sh',
    "a/../../etc/passwd",
    "../../../x",
    "a\x00b",
    "a\u2028b",
    "a\u202eb",
    "#comment",
    "a: b",
    "- a",
    "{{7*7}}",
    "$(id)",
    "`id`",
    "é" * 40,
    "名前",
    "a\n\nRequest-Id: forged",
    "[Peer]",
    "a'b",
    "a\\",
    "%0d%0a",
]


# What drives a terminal, or ends a line where none ends.
UNSAFE = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")


@pytest.mark.parametrize("name", NAMES)
def test_a_name_stays_a_name(server, name):
    commits, logged = server.git("rev-list", "--count", "HEAD"), server.log.stat().st_size
    answer = server.post("/api/peers", {"name": name, "interface": "wg0"}, expect=None)
    log = server.log.read_bytes()[logged:].decode()
    assert not UNSAFE.search(log) and not re.search("^(PrivateKey|Set-Cookie|Request-Id|evil)", log, re.MULTILINE)
    if answer.status_code != 201:
        assert answer.status_code in (400, 422) and server.git("rev-list", "--count", "HEAD") == commits
        return
    peer = answer.json()["data"]
    assert peer["name"] == name
    config = server.get(f"/api/peers/{peer['id']}/config")
    lines = [line for line in config.text.splitlines() if line and not line.startswith("#")]
    assert [line for line in lines if line.startswith("[")] == ["[Interface]", "[Peer]"]
    assert sum(line.startswith("PrivateKey") for line in lines) == 1
    disposition = config.headers["Content-Disposition"]
    assert (
        disposition.isascii()
        and "/" not in disposition
        and ".." not in disposition
        and "Set-Cookie" not in config.headers
    )
    trailers = server.git("log", "-1", "--format=%(trailers:key=Request-Id,valueonly)").split()
    assert len(trailers) == 1 and trailers != ["forged"]
    assert len(server.git("log", "-1", "--format=%s").splitlines()) == 1
    changed = server.git("show", "--name-only", "--format=", "HEAD").splitlines()
    assert all(path.startswith('"peers/') or path.startswith("peers/") for path in changed) and len(changed) == 1
    assert server.get(f"/api/peers/{peer['id']}").json()["data"]["name"] == name
    server.wirebuddy("validate")


@pytest.mark.parametrize(
    "text",
    [
        "a\nrole: admin\n---\nkind: User\nusername: eve\nrole: admin\n",
        "a\n[Peer]\nPublicKey = x\n",
        "a\r\nb",
        "*alias",
        "!!binary x",
        "| \n  x",
        "\u2028- b",
        "'\"#: {}[],&*?|<>=!%@`",
    ],
)
def test_a_text_stays_a_text(server, text):
    peer = server.peer(f"text-{os.urandom(4).hex()}")
    path, logged = f"/api/peers/{peer['id']}", server.log.stat().st_size
    users = accounts(server)
    for body in ({"description": text}, {"labels": {"key": text}}):
        answer = server.patch(path, body, expect=None)
        assert answer.status_code in (200, 400, 422), answer.text
        if answer.status_code == 200:
            assert server.get(path).json()["data"] | body == server.get(path).json()["data"]
    config = server.get(f"{path}/config").text
    assert sum(line.startswith("[") for line in config.splitlines()) == 2 and "PublicKey = x" not in config.splitlines()
    assert accounts(server) == users
    assert not UNSAFE.search(server.log.read_bytes()[logged:].decode())
    server.wirebuddy("validate")


def accounts(server):
    return [(row["username"], row["role"]) for row in server.get("/api/users").json()["data"]]


@pytest.mark.parametrize(
    "name", ["a> <evil@example.com> 0 +0000\n", "a\n\nRequest-Id: forged", "a\r\nb", "<a>", "a\x00b", "\u202ea", "<>"]
)
def test_the_name_of_a_token_stays_the_author_of_a_commit(server, name):
    logged = server.log.stat().st_size
    made = server.post("/api/tokens", {"name": name, "permission": "full"}, expect=None)
    if made.status_code == 201:
        token = made.json()["data"]["token"]
        server.post("/api/peers", {"name": f"by-{os.urandom(4).hex()}", "interface": "wg0"}, token=token, expect=201)
        author, email, committer = server.git("log", "-1", "--format=%an%n%ae%n%cn").split("\n")
        assert "evil" not in email and "<" not in author + email + committer
        assert server.git("log", "-1", "--format=%(trailers:key=Request-Id,valueonly)").strip() != "forged"
        header = server.git("cat-file", "-p", "HEAD").split("\n\n")[0]
        assert [line.split()[0] for line in header.splitlines()] == ["tree", "parent", "author", "committer"]
        server.git("fsck", "--strict")
    else:
        assert made.status_code == 422, made.text
    assert not UNSAFE.search(server.log.read_bytes()[logged:].decode())


@pytest.mark.parametrize("value", ["a\r\nb", "x" * 129, "a b", "ä", ""])
def test_a_request_id_of_strangers_is_not_taken(server, value):
    data = f"GET /api/peers HTTP/1.1\r\nHost: a\r\nConnection: close\r\nX-Request-Id: {value}\r\n\r\n".encode()
    head = server.raw(data).split(b"\r\n\r\n")[0].decode("latin-1")
    shown = [line.split(": ")[1] for line in head.splitlines() if line.lower().startswith("x-request-id")]
    assert len(shown) <= 1 and value not in shown
    assert "\nb" not in server.log.read_text()[-2000:].replace("\r", "\n").split("X-Request-Id")[-1][:3]


PATHS = [
    "/api/peers/..%2f..%2fsettings",
    "/api/interfaces/..%2f..%2f..%2fetc%2fpasswd",
    "/api/interfaces/%2e%2e",
    "/docs/../api/users",
    "/api/interfaces/wg0%00",
    "/api/interfaces/wg0%2f",
    "/api/revisions/..",
    "/api/revisions/HEAD~1",
    "/api/revisions/--output=x",
    "/api/revisions/main%3asettings.yaml",
    "/..%2f..%2fetc/passwd",
    "/api//peers",
    "/api/peers/%ff",
    "//etc/passwd",
]


@pytest.mark.parametrize("path", PATHS)
def test_a_path_leads_nowhere_else(server, path):
    data = f"GET {path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\nAuthorization: Bearer {server.admin}\r\n\r\n"
    answer = server.raw(data.encode())
    status = int(answer.split(b" ", 2)[1])
    assert status in (400, 404), answer[:500]
    assert b"root:" not in answer and b"repository_id" not in answer


# Tokens


def test_no_token_stands_in_the_log(server):
    token = server.post("/api/tokens", {"name": "secret"}, expect=201).json()["data"]["token"]
    session = server.session()
    server.get("/api/peers", token=token)
    server.get("/api/peers", token=token[:-1], expect=401)
    server.get(f"/api/peers?token={token}", token=None, expect=401)
    server.get(f"/{token}", token=None, expect=None)
    server.get("/api/peers", token=session)
    log = server.log.read_text()
    for secret in (token, token[:-1], session, server.admin_password, PASSWORD):
        assert secret not in log
    for path in server.state.rglob("*.db*"):
        assert token.encode() not in path.read_bytes() and session.encode() not in path.read_bytes()


def test_no_token_of_an_address_stands_in_the_log(server):
    """Where tokens in addresses are allowed, they are not logged either."""
    token = server.post("/api/tokens", {"name": "in the address"}, expect=201).json()["data"]["token"]
    server.patch("/api/settings", {"api": {"query_tokens": True}})
    try:
        server.get(f"/api/peers?limit=1&token={token}", token=None)
        server.get(f"/api/peers?limit=many&token={token}", token=None, expect=400)
        server.get(f"/api/nothing?token={token}", token=None, expect=404)
        assert token not in server.get(f"/api/peers?color=red&token={token}", token=None, expect=400).text
    finally:
        server.patch("/api/settings", {"api": {"query_tokens": False}})
    server.get(f"/api/peers?limit=1&token={token}", token=None, expect=401)
    assert token not in server.log.read_text()


# Bodies


BODIES = {
    "deep lists": (b'{"name": ' + b"[" * 100_000, 400),
    "deep objects": (b'{"a":' * 50_000 + b"1" + b"}" * 50_000, 400),
    "two of one key": (b'{"name": "a", "interface": "wg0", "name": "b"}', 400),
    "two of one key, escaped": (b'{"name": "a", "interface": "wg0", "n\\u0061me": "b"}', 400),
    "a list": (b"[]", (400, 422)),
    "a number": (b"1", (400, 422)),
    "nothing": (b"", (400, 415, 422)),
    "two documents": (b'{"name": "a", "interface": "wg0"} {}', 400),
    "no UTF-8": (b'{"name": "\xff\xfe", "interface": "wg0"}', 400),
    "a lone surrogate": (b'{"name": "\\ud800", "interface": "wg0"}', 400),
    "a NUL": (b'{"name": "a\\u0000", "interface": "wg0"}', 422),
    "a huge number": (b'{"name": "a", "interface": "wg0", "persistent_keepalive": 1e999}', (400, 422)),
    "a long number": (b'{"name": "a", "interface": "wg0", "mtu": ' + b"9" * 10_000 + b"}", (400, 422)),
    "NaN": (b'{"name": "a", "interface": "wg0", "mtu": NaN}', 400),
    "YAML": (b"name: a\ninterface: wg0\n", 400),
    "a YAML tag": (b'{"name": !!python/object:os.system "id", "interface": "wg0"}', 400),
    "an alias": (b'{"name": &a "x", "interface": *a}', 400),
    "a million keys": (b"{" + b",".join(b'"k%d":1' % number for number in range(60_000)) + b"}", (400, 413, 422)),
    "too large": (b'{"name": "' + b"a" * (1 << 20) + b'", "interface": "wg0"}', 413),
}


@pytest.mark.parametrize("body", BODIES)
def test_a_body_that_is_a_bomb(server, body):
    content, expected = BODIES[body]
    head, began = server.head, time.monotonic()
    answer = server.request("POST", "/api/peers", content=content, headers={"Content-Type": "application/json"})
    assert answer.status_code in (expected if isinstance(expected, tuple) else (expected,)), answer.text[:1000]
    assert len(answer.content) < 200_000 and time.monotonic() - began < 5 and server.head == head
    server.get("/healthz")


def test_a_body_that_is_packed(server):
    """Nothing is unpacked: a small body can't become a large one."""
    body = gzip.compress(json.dumps({"name": "packed", "interface": "wg0", "description": " " * (16 << 20)}).encode())
    head, headers = server.head, {"Content-Type": "application/json", "Content-Encoding": "gzip"}
    answer = server.request("POST", "/api/peers", content=body, headers=headers)
    assert answer.status_code in (400, 415) and server.head == head


@pytest.mark.parametrize(
    "kind",
    [
        None,
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/yaml",
        "application/jsonx",
        "*/*",
    ],
)
def test_a_body_of_another_kind(server, kind):
    head = server.head
    request = httpx.Request(
        "POST",
        URL + "/api/peers",
        content=b'{"name": "typed", "interface": "wg0"}',
        headers={"Authorization": f"Bearer {server.admin}"} | ({"Content-Type": kind} if kind else {}),
    )
    with httpx.Client() as client:
        assert client.send(request).status_code == 415
    assert server.head == head


REQUESTS = {
    "two lengths": "Content-Length: 0\r\nContent-Length: 5\r\n\r\nhello",
    "length and chunks": "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /x HTTP/1.1\r\n\r\n",
    "a negative length": "Content-Length: -1\r\n\r\n",
    "a header without a name": ": x\r\n\r\n",
    "a large header": "X-Large: " + "a" * 200_000 + "\r\n\r\n",
    "many headers": "".join(f"X-{number}: a\r\n" for number in range(20_000)) + "\r\n",
    "a folded header": "X-A: b\r\n c\r\n\r\n",
}


@pytest.mark.parametrize("request_", REQUESTS)
def test_a_request_that_is_none(server, request_):
    answer = server.raw(b"POST /api/peers HTTP/1.1\r\nHost: a\r\n" + REQUESTS[request_].encode(), timeout=5)
    statuses = [int(line.split(b" ")[1]) for line in answer.split(b"\r\n") if line.startswith(b"HTTP/1.1 ")]
    assert all(400 <= status < 500 for status in statuses) and len(statuses) <= 1, answer[:500]
    server.get("/healthz")
