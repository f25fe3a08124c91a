"""What is tried with logins, cookies and sessions."""

import json
import statistics
import threading
import time

import httpx
import pytest
from served.server import URL, Server

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


# Sessions


def test_a_session_of_ones_choice_is_not_taken(server, people):
    """Fixation: what a client brings does not become his session."""
    chosen = "a" * 43
    answer = httpx.post(
        URL + "/api/auth/login",
        json={"username": "bob", "password": PASSWORD},
        headers={"Cookie": f"auth_token={chosen}"},
    )
    assert answer.status_code == 200 and answer.json()["data"]["token"] != chosen
    server.get("/api/auth/me", token=chosen, expect=401)
    assert httpx.get(URL + "/api/auth/me", headers={"Cookie": f"auth_token={chosen}"}).status_code == 401
    again = httpx.post(
        URL + "/api/auth/login",
        json={"username": "bob", "password": PASSWORD},
        headers={"Cookie": f"auth_token={answer.json()['data']['token']}"},
    )
    assert again.json()["data"]["token"] != answer.json()["data"]["token"]


@pytest.mark.parametrize("way", ["rest", "command", "logout"])
def test_a_stream_ends_with_what_opened_it(server, people, way):
    """At once where the API revokes it, with the next sign of life (15 s) where a command did."""
    if way == "logout":
        proof = server.session("bob", PASSWORD)
    else:
        proof = server.token(f"stream-{way}", "read", "--user", "bob")
        tokens = {token["name"]: token["id"] for token in server.get("/api/tokens").json()["data"]}
    with httpx.stream("GET", URL + "/api/events", headers={"Authorization": f"Bearer {proof}"}, timeout=30) as answer:
        lines = answer.iter_lines()
        assert next(lines).startswith("retry:")
        match way:
            case "rest":
                server.request("DELETE", f"/api/tokens/{tokens['stream-rest']}", expect=200)
            case "command":
                server.wirebuddy("token", "revoke", tokens["stream-command"])
            case "logout":
                server.post("/api/auth/logout", token=proof, expect=200)
        start = time.monotonic()
        for _ in lines:
            assert time.monotonic() - start < 40, "the stream is still open"
    assert time.monotonic() - start < (40 if way == "command" else 10)


def test_the_cookie_alone_changes_nothing(server):
    """CSRF: a state change by the cookie needs a sign that it comes from our own pages."""
    answer = httpx.post(URL + "/api/auth/login", json={"username": "admin", "password": server.admin_password})
    cookie = answer.headers["Set-Cookie"]
    assert all(word in cookie for word in ("auth_token=", "HttpOnly", "SameSite=Strict"))
    jar = {"Cookie": f"auth_token={answer.json()['data']['token']}"}
    assert httpx.get(URL + "/api/auth/me", headers=jar).status_code == 200
    foreign = [
        {},
        {"Origin": "https://evil.example.com"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Origin": "null"},
        {"Referer": "http://127.0.0.1:8080/"},
        {"Sec-Fetch-Site": "same-site"},
    ]
    head = server.head
    for headers in foreign:
        refused = httpx.post(URL + "/api/peers", json={"name": "csrf", "interface": "wg0"}, headers=jar | headers)
        assert refused.status_code == 403, headers
        for method, path in (
            ("PATCH", "/api/settings"),
            ("PUT", "/api/interfaces/wg0"),
            ("DELETE", "/api/interfaces/wg0"),
            ("POST", "/api/auth/logout"),
        ):
            refused = httpx.request(method, URL + path, headers=jar | headers)
            assert refused.status_code == 403, (method, path, headers)
    assert server.head == head and httpx.get(URL + "/api/auth/me", headers=jar).status_code == 200
    for number, headers in enumerate(
        [{"X-Requested-With": "wirebuddy"}, {"Origin": URL}, {"Sec-Fetch-Site": "same-origin"}]
    ):
        made = httpx.post(
            URL + "/api/peers", json={"name": f"own-{number}", "interface": "wg0"}, headers=jar | headers, timeout=30
        )
        assert made.status_code == 201, made.text


def test_a_session_ends(server):
    server.user("carol")
    session, other = server.session("carol", PASSWORD), server.session("carol", PASSWORD)
    server.post("/api/auth/logout", token=session)
    server.get("/api/auth/me", token=session, expect=401)
    body = {"current_password": PASSWORD, "new_password": "An0therPassword!"}
    server.post("/api/auth/password", body, token=other)
    server.get("/api/auth/me", token=other, expect=401)
    renewed = server.session("carol", "An0therPassword!")
    token = server.post("/api/tokens", {"name": "carols"}, token=renewed, expect=201).json()["data"]["token"]
    (carol,) = [row for row in server.get("/api/users").json()["data"] if row["username"] == "carol"]
    server.delete(f"/api/users/{carol['id']}")
    for proof in (renewed, token):
        server.get("/api/auth/me", token=proof, expect=401)


# Login


def test_a_login_takes_as_long_for_nobody(tmp_path):
    """Unknown users take the time of known ones. Each try is a user of its own, so that no lockout interferes."""
    server = Server(tmp_path / "gateway")
    try:
        server.start()
        tries = 8
        for number in range(tries):
            server.user(f"known{number}")
        times = {"known": [], "nobody": []}
        for number in range(tries):
            for kind, samples in times.items():
                began = time.monotonic()
                answer = server.post(
                    "/api/auth/login",
                    {"username": f"{kind}{number}", "password": "Wr0ngPassword!"},
                    token=None,
                    expect=401,
                )
                samples.append(time.monotonic() - began)
                assert (
                    answer.json()["message"] == "Invalid or missing authentication token" or "password" in answer.text
                )
        # What else runs on the machine only makes it longer.
        known, nobody = (min(samples) for samples in times.values())
        assert abs(known - nobody) < 0.25 * max(known, nobody), f"{known:.3f} s and {nobody:.3f} s"
    finally:
        server.close()


def test_guessing_is_locked_out(tmp_path):
    server = Server(tmp_path / "gateway", settings="")
    try:
        server.start()
        body = {"username": "admin", "password": "Wr0ngPassword!"}
        answers = [server.post("/api/auth/login", body, token=None, expect=None) for _ in range(6)]
        assert [answer.status_code for answer in answers] == [401] * 5 + [429]
        assert int(answers[-1].headers["Retry-After"]) > 0
        right = server.post(
            "/api/auth/login", {"username": "admin", "password": server.admin_password}, token=None, expect=429
        )
        assert "token" not in right.text
    finally:
        server.close()


def test_logins_at_once_do_not_stop_others(server):
    """Argon2id is done elsewhere: reads go on while many log in."""
    stop = threading.Event()

    def guess(number):
        client = httpx.Client(verify=False)
        while not stop.is_set():
            client.post(
                URL + "/api/auth/login", json={"username": f"guess{number}", "password": "Wr0ngPassword!"}, timeout=60
            )

    threads = [threading.Thread(target=guess, args=(number,), daemon=True) for number in range(8)]
    for thread in threads:
        thread.start()
    try:
        times = []
        for _ in range(30):
            began = time.monotonic()
            server.get("/healthz")
            server.get("/api/peers")
            times.append(time.monotonic() - began)
        assert statistics.median(times) < 0.5
    finally:
        stop.set()
        for thread in threads:
            thread.join(60)


def test_answers_carry_the_headers_of_caution(server):
    for path in ("/api/peers", "/docs", "/healthz", "/api/nothing"):
        headers = server.get(path, expect=None).headers
        assert headers["X-Content-Type-Options"] == "nosniff", path
        assert "no-store" in headers.get("Cache-Control", "") or path == "/docs", path
        assert headers.get("X-Frame-Options") == "DENY" or "frame-ancestors 'none'" in headers.get(
            "Content-Security-Policy", ""
        )
        assert "Access-Control-Allow-Origin" not in headers
    assert json.loads(server.get("/healthz").text) == {"status": "ok"}
