"""Writes by REST are commits like all others: nothing is lost between REST, git and the command line, or by a crash."""

import json
import signal
import threading
import time

import pytest
from lab.namespace import wait_for
from lab.office import count
from served.server import Server

RESOURCES = {
    "interface": "/api/interfaces/wg0",
    "interface with all": "/api/interfaces/wg5",
    "settings": "/api/settings",
    "forwarder": "/api/dns/settings",
    "blocklist": "/api/dns/blocklists/ads",
    "rule": "/api/dns/rules/{rule}",
    "rewrite": "/api/dns/rules/{rewrite}",
    "access document": "/api/access/ops",
    "access document with all": "/api/access/all",
    "forward": "/api/forwards/web",
    "forward with all": "/api/forwards/all",
    "peer": "/api/peers/{peer}",
    "peer with a split tunnel": "/api/peers/{split}",
    "peer with a key of its own": "/api/peers/{foreign}",
    "peer that ended": "/api/peers/{ended}",
    "user": "/api/users/{user}",
    "admin": "/api/users/{admin}",
}


@pytest.fixture(scope="module")
def objects(server):
    peer = server.peer(
        "every-field", routing_mode="vpn_only", description="a 'comment': with \"all\" of it", labels={"a": "b"}
    )
    server.post(
        "/api/interfaces",
        {"name": "wg5", "address": ["10.85.0.1/24", "fd42:85::1/64"], "listen_port": 51825, "backend": "userspace",
         "dns": ["10.85.0.1"], "mtu": 1380, "endpoint": "vpn.example.com:51825", "enabled": False,
         "isolate_peers": True, "description": "a 'second' one", "labels": {"a": "b"}},
        expect=201,
    )  # fmt: skip
    split = server.peer(
        "split", routing_mode="split_tunnel", allowed_ips=["10.8.0.0/24", "192.0.2.0/24"], routes=["198.51.100.0/24"],
        endpoint="192.0.2.7:51820", persistent_keepalive=0, isolated=True,
    )  # fmt: skip
    foreign = server.peer("foreign", public_key="q1Vu4jFx1u8yQxjJ3n1VYJ8HLX1eOa0WqHkXqWbYV0A=", dns_name="other-name")
    ended = server.peer("ended", expires_at="2020-01-01T00:00:00Z", enabled=False, owner="admin")
    server.put(
        "/api/dns/settings",
        {"enabled": False, "upstreams": ["9.9.9.9@853#dns.quad9.net"], "blocking": {"mode": ["192.0.2.1"]},
         "conditional": {"corp.example": ["udp://10.0.0.53:53"]}, "query_log": {"level": "anonymous"}},
    )  # fmt: skip
    server.post(
        "/api/dns/blocklists",
        {"name": "ads", "url": "https://lists.example.com/ads.txt", "format": "hosts", "enabled": False,
         "refresh": "1d", "sha256": "0" * 64},
        expect=201,
    )  # fmt: skip
    rule, rewrite = [
        server.post("/api/dns/rules", body, expect=201).json()["data"]["id"]
        for body in (
            {"action": "block", "domain": "/^ads[0-9]+\\.example$/", "client": "wg0/split", "comment": "a 'b': c"},
            {"action": "rewrite", "domain": "=nas.example", "answer": "NXDOMAIN", "expires_at": "2040-01-01T00:00:00Z"},
        )
    ]
    for path, body in (
        ("access", {"name": "ops", "from": {"labels": {"a": "b"}}, "to": "10.20.0.0/24"}),
        ("access", {"name": "all", "from": {"peers": ["wg0/split", "foreign"], "owners": "admin", "interfaces": "wg5"},
                    "to": ["2001:db8::/32", "192.0.2.1", {"peer": "wg0/ended"}], "ports": ["icmp", "udp/53"],
                    "action": "deny", "default": "deny", "description": "a 'third': one"}),
        ("forwards", {"name": "web", "port": 8443, "to": {"peer": "split"}}),
        ("forwards", {"name": "all", "interface": "eth9", "protocol": "udp", "port": 5353, "description": "a: b",
                      "to": {"peer": "wg0/foreign", "port": 53}, "from": ["192.0.2.0/24", "2001:db8::/32"]}),
    ):
        server.post(f"/api/{path}", body, expect=201)
    (admin,) = [user["id"] for user in server.get("/api/users").json()["data"] if user["username"] == "admin"]
    return {
        "peer": peer["id"],
        "split": split["id"],
        "foreign": foreign["id"],
        "ended": ended["id"],
        "rule": rule,
        "rewrite": rewrite,
        "user": server.user("anna", full_name="Anna Müller", description="by hand")["id"],
        "admin": admin,
    }


@pytest.mark.parametrize("method", ["PUT", "PATCH"])
@pytest.mark.parametrize("resource", RESOURCES)
def test_what_is_read_can_be_written_unchanged(server, objects, resource, method):
    path = RESOURCES[resource].format(**objects)
    shown = server.get(path)
    before = server.head
    written = server.request(
        method, path, shown.json()["data"], expect=200, headers={"If-Match": shown.headers["ETag"]}
    )
    assert server.head == before, "nothing was committed"
    assert written.headers["ETag"] == shown.headers["ETag"]
    declared = {name: value for name, value in shown.json()["data"].items() if not name.startswith("observed")}
    assert {name: written.json()["data"][name] for name in declared} == declared


def test_rest_git_and_command_line_write_the_same(server):
    server.peer("same-a", ip="10.8.0.71", routing_mode="vpn_only", description="on the desk")
    server.wirebuddy(
        "peer", "add", "wg0/same-b", "--ip", "10.8.0.72", "--routing-mode", "vpn_only",
        "--set", "description=on the desk",
    )  # fmt: skip
    rest, line = server.file_of("same-a"), server.file_of("same-b")
    key = "W8Vu4jFx1u8yQxjJ3n1VYJ8HLX1eOa0WqHkXqWbYV1I="
    rows = [row for row in rest.splitlines() if not row.startswith(("private_key", "preshared_key", "id:"))]
    text = "\n".join(rows).replace("same-a", "same-c").replace("10.8.0.71", "10.8.0.73") + "\n"
    text = "\n".join(f"public_key: {key}" if row.startswith("public_key") else row for row in text.splitlines()) + "\n"
    server.write("peers/wg0/same-c.yaml", text)
    server.commit("Add same-c")

    def shape(document):
        """A document without what has to differ."""
        return [
            row.split(":")[0]
            if row.split(":")[0] in ("private_key", "preshared_key", "public_key", "id")
            else row.replace("same-b", "same-a").replace("10.8.0.72", "10.8.0.71").replace("fd42:8::48", "fd42:8::47")
            for row in document.splitlines()
        ]

    assert [row.split(":")[0] for row in shape(rest)] == [row.split(":")[0] for row in shape(line)]
    assert [row for row in shape(rest) if "ip" not in row] == [row for row in shape(line) if "ip" not in row]
    # What git brought is shown and written like the others.
    found = wait_for(lambda: server.get("/api/peers?search=same-c").json()["data"]["peers"], what="a pushed peer")
    server.patch(f"/api/peers/{found[0]['id']}", {"description": "by REST"})
    # The id is written with the first write that touches the file anyway.
    assert server.file_of("same-c") == text.replace("on the desk", "by REST") + f"id: {found[0]['id']}\n"


def test_a_write_is_a_commit_of_who_made_it(server):
    server.user("berta", role="admin")
    session = server.session("berta", "SecurePassword123!")
    server.post(
        "/api/peers",
        {"name": "by-berta", "interface": "wg0"},
        expect=201,
        token=session,
        headers={"X-Request-Id": "request-of-berta"},
    )
    author, subject, trailers = server.git("log", "-1", "--format=%an <%ae>%n%s%n%(trailers:only,unfold)").split(
        "\n", 2
    )
    assert author == "berta <berta@example.com>" and subject == "Add peer by-berta to wg0"
    assert "Request-Id: request-of-berta" in trailers and "Via: rest" in trailers
    peer = server.get("/api/peers?search=by-berta").json()["data"]["peers"][0]
    server.patch(f"/api/peers/{peer['id']}", {"description": "changed"})
    assert server.git("diff", "--numstat", "HEAD~1").split() == ["1", "0", "peers/wg0/by-berta.yaml"]


def test_the_same_name_and_a_stale_tag(server):
    peer = server.get(f"/api/peers/{server.peer('tagged')['id']}")
    path = f"/api/peers/{peer.json()['data']['id']}"
    server.post("/api/peers", {"name": "tagged", "interface": "wg0"}, expect=409)
    tag = {"If-Match": peer.headers["ETag"]}
    first = server.put(path, {"description": "one"}, headers=tag)
    before = server.head
    for refused in (
        server.put(path, {"description": "two"}, headers=tag, expect=412),
        server.delete(path, headers=tag, expect=412),
    ):
        assert refused.json()["error"] == "Precondition Failed"
    assert server.head == before
    server.put(path, {"description": "two"}, headers={"If-Match": first.headers["ETag"]})


def test_git_push_while_rest_writes(server, tmp_path):
    """A person commits in a clone and pushes, again and again, while REST writes: every write of both is there."""
    clone = tmp_path / "clone"
    server.namespace.run("git", "clone", "-q", server.config, clone)
    total, pushed, written, failures = count(100), [], [], []

    def rest():
        for number in range(total):
            body = {"name": f"rest-{number}", "interface": "wg0"}
            answer = server.request("POST", "/api/peers?wait=0", body)
            # Who loses the race twenty times is told so, and nothing is there of it: he asks again.
            if answer.status_code == 409 and "keeps moving: try again" in answer.text:
                print(f"rest-{number} was told to try again")
                answer = server.request("POST", "/api/peers?wait=0", body)
            (written if answer.status_code == 201 else failures).append((number, answer.text))

    writer = threading.Thread(target=rest)
    writer.start()
    for number in range(total):
        key = server.namespace.run("wg", "pubkey", input=server.namespace.output("wg", "genkey") + "\n").stdout.strip()
        folder = clone / "peers/git"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"git-{number}.yaml").write_text(
            f"kind: Peer\nname: git-{number}\ninterface: wg0\nip: 10.8.0.{150 + number}\npublic_key: {key}\n"
        )
        git = ["git", "-C", clone, "-c", "user.name=Anna", "-c", "user.email=anna@example.com"]
        server.namespace.run(*git, "add", "-A")
        server.namespace.run(*git, "commit", "-q", "-m", f"Add git-{number}")
        # Who writes faster wins, and he tries again: until REST has ended he may lose every time.
        end = time.monotonic() + 120
        while time.monotonic() < end:
            push = server.namespace.run(*git, "push", "-q", "origin", "HEAD", check=False)
            if push.returncode == 0:
                pushed.append(number)
                break
            server.namespace.run(*git, "pull", "-q", "--rebase", "origin", "main")
        else:
            failures.append((number, push.stderr))
            break
    writer.join()
    assert not failures and len(written) == len(pushed) == total, failures
    log = server.git("log", "--format=%s")
    expected = {f"{side}-{number}" for side in ("rest", "git") for number in range(total)}
    # A push asks nobody: the gateway notices it a moment later.
    end = time.monotonic() + 10
    while (names := {peer["name"] for peer in pages(server, "rest-") + pages(server, "git-")}) != expected:
        assert time.monotonic() < end, (expected ^ names, log)
        time.sleep(0.2)
    assert server.git("status", "--porcelain") == ""


def pages(server, search):
    return server.get(f"/api/peers?search={search}&limit=100").json()["data"]["peers"]


def test_an_interface_stops_and_starts_with_its_ipv6_address(server):
    for action, state in (("stop", "down"), ("start", "up"), ("restart", "up")):
        answer = server.post(f"/api/interfaces/wg0/{action}", expect=200).json()
        assert answer["reconcile"]["state"] == "converged"
        flags = json.loads(server.namespace.output("ip", "-j", "link", "show", "wg0"))[0]["flags"]
        assert ("UP" in flags) == (state == "up")
    assert "fd42:8::1/64" in server.namespace.output("ip", "-6", "addr", "show", "dev", "wg0")


def test_a_syntax_error_stops_writes_and_not_revocations(fresh):
    peer = fresh.peer("victim")
    key = peer["public_key"]
    wait_for(lambda: key in fresh.peers(), what="the peer in the kernel")
    fresh.write("interfaces/wg0.yaml", (fresh.config / "interfaces/wg0.yaml").read_text() + "listen_port: [\n")
    fresh.commit("Break it")
    refused = wait_for(
        lambda: (
            (answer := fresh.post("/api/peers", {"name": "new", "interface": "wg0"}, expect=None)).status_code == 409
            and answer
        ),
        what="409 on top of a broken revision",
    )
    assert "interfaces/wg0.yaml:" in json.dumps(refused.json())
    assert fresh.git("log", "-1", "--format=%s") == "Break it", "nothing was committed on top"
    assert key in fresh.peers() and fresh.has_link()
    made = fresh.post("/api/revocations", {"public_key": key, "for": "1h"}, expect=201).json()["data"]
    assert made["removed"] == ["wg0/victim"] and made["remaining"] == []
    assert key not in fresh.peers()
    # As soon as the repository is good again, writes are, too; the revocation holds.
    fresh.git("revert", "--no-edit", "HEAD")
    wait_for(
        lambda: fresh.post("/api/peers", {"name": "new", "interface": "wg0"}, expect=None).status_code == 201,
        what="a write after the repair",
    )
    assert key not in fresh.peers()


def test_a_write_that_a_rail_refuses_commits_nothing(fresh):
    """Deleting everything at once is held by a rail; a write on top of it answers 409."""
    for number in range(15):
        fresh.peer(f"many-{number}")
    for path in (fresh.config / "peers/wg0").glob("many-*.yaml"):
        path.unlink()
    fresh.commit("Delete them all")
    before = fresh.head
    refused = fresh.post("/api/peers", {"name": "new", "interface": "wg0"}, expect=409).json()
    assert refused["details"]["rails"] and fresh.head == before
    assert len(fresh.peers()) == 15, "they are all still there"


def test_an_uncommitted_edit_is_not_overwritten(fresh):
    peer = fresh.peer("edited")
    file = fresh.config / "peers/wg0/edited.yaml"
    file.write_text(file.read_text() + "# a person is at work here\n")
    before = fresh.head
    answer = fresh.patch(f"/api/peers/{peer['id']}", {"description": "x"}, expect=409)
    assert "peers/wg0/edited.yaml" in answer.text and fresh.head == before
    assert file.read_text().endswith("# a person is at work here\n")


def test_kill_right_after_a_201(tmp_path):
    """What was answered 201 is there after `kill -9`, every time."""
    server = Server(tmp_path / "gateway")
    try:
        for number in range(count(100)):
            server.start()
            name = f"survivor-{number}"
            made = server.post("/api/peers", {"name": name, "interface": "wg0"}, expect=201)
            server.daemon.send_signal(signal.SIGKILL)
            server.daemon.wait()
            assert made.json()["data"]["name"] == name
        server.start()
        names = {peer["name"] for peer in pages(server, "survivor-")}
        assert names == {f"survivor-{number}" for number in range(count(100))}
        server.wait_in_sync()
        assert len(server.peers()) == count(100)
    finally:
        server.close()
