"""Every sample of the documented contract by curl, field by field, and what stands beside the samples."""

import json
import re
import subprocess

import pytest
from lab.device import Device
from lab.namespace import Namespace, wait_for
from served.samples import FOLDER, differences, samples, text_differences
from served.server import URL, Server

JOHN = "123e4567-e89b-12d3-a456-426614174000"


@pytest.fixture(scope="module")
def contract(tmp_path_factory):
    """A gateway per file of samples, in the state that the file describes."""
    made = {}

    def of(name):
        if name not in made:
            close(made)
            made[name] = Server(tmp_path_factory.mktemp("contract") / "gateway").start()
            PREPARATIONS.get(name, lambda server: None)(made[name])
        return made[name]

    yield of
    close(made)


def close(made):
    """Ends the gateway and its device, if it has one."""
    for server in made.values():
        for device in server.devices:
            device.close()
        server.close()
    made.clear()


def without_interface(server):
    server.delete("/api/interfaces/wg0")


def with_peers(server):
    """John's iPhone is connected; its id is one that a person wrote into the file."""
    server.patch("/api/interfaces/wg0", {"address": ["10.8.0.1/24"], "dns": ["10.8.0.1"]})
    server.peer("John's iPhone", ip="10.8.0.2", routing_mode="full_tunnel", persistent_keepalive=25)
    for number in range(11):
        # 10.8.0.10 is the one of the documented request.
        server.peer(f"Peer {number}", ip=f"10.8.0.{20 + number}")
    (file,) = [path for path in server.config.rglob("*.yaml") if "John's iPhone" in path.read_text()]
    text = file.read_text()
    server.write(file.relative_to(server.config), re.sub(r"^id: .*\n", "", text, flags=re.MULTILINE) + f"id: {JOHN}\n")
    server.commit("Name John's iPhone")
    wait_for(lambda: server.get(f"/api/peers/{JOHN}", expect=None).status_code == 200, what="the id of the file")
    connect(server, JOHN)
    wait_for(lambda: server.get(f"/api/peers/{JOHN}").json()["data"]["status"] == "connected", 20, what="a handshake")


def connect(server, peer):
    """A device of its own, set up with what the API gives it."""
    text = server.get(f"/api/peers/{peer}/config").text
    fields = dict(line.split(" = ") for line in text.splitlines() if " = " in line)
    namespace = Namespace("phone")
    server.devices.append(namespace)
    server.namespace.run(
        "ip", "link", "add", "phone", "type", "veth", "peer", "name", "eth0", "netns", namespace.full_name
    )
    server.namespace.run("ip", "address", "add", "192.0.2.1/24", "dev", "phone")
    server.namespace.run("ip", "link", "set", "phone", "up")
    namespace.run("ip", "address", "add", "192.0.2.2/24", "dev", "eth0")
    namespace.run("ip", "link", "set", "eth0", "up")
    device = Device(namespace, [fields["Address"]])
    device.set("private-key", "/dev/stdin", input=fields["PrivateKey"] + "\n")
    if "PresharedKey" in fields:
        device.set("peer", fields["PublicKey"], "preshared-key", "/dev/stdin", input=fields["PresharedKey"] + "\n")
    device.connect(fields["PublicKey"], "192.0.2.1:51820", ["10.8.0.0/24"], keepalive=1)


def with_a_peer(server):
    server.peer("optional-peer-name")


def with_john(server):
    server.peer("John's iPhone", id=JOHN)


def with_reader(server):
    server.tokens["read-only"] = server.token("reader", "read")


PREPARATIONS = {
    "dns.http": with_a_peer,
    "interfaces.http": without_interface,
    "metrics.http": with_john,
    "peers.http": with_peers,
    "refusals.http": with_reader,
}
SAMPLES = [(path.name, sample) for path in sorted(FOLDER.glob("*.http")) for sample in samples(path.name)]


def filled(server, text):
    """A text with what the file can't know: `{token:NAME}` and the id of a user as `{NAME}`."""
    for is_token, name in re.findall(r"\{(token:)?([a-z-]+)\}", text):
        if is_token:
            value = server.tokens[name]
        else:
            (value,) = [row["id"] for row in server.get("/api/users").json()["data"] if row["username"] == name]
        text = text.replace(f"{{{is_token}{name}}}", value)
    return text


def curl(server, sample, folder):
    """Sends a sample as a person would, and returns status, content type and body."""
    words = [
        "curl",
        "--silent",
        "--show-error",
        "--request",
        sample.method,
        "--output",
        folder / "body",
        "--write-out",
        "%{http_code} %{content_type}",
    ]
    headers = [filled(server, header) for header in sample.headers]
    if not any(header.startswith("Authorization:") for header in headers):
        headers.append(f"Authorization: Bearer {server.admin}")
    if sample.body:
        headers.append("Content-Type: application/json")
        words += ["--data-binary", sample.body]
    for header in headers:
        words += ["--header", header]
    done = subprocess.run([*words, URL + filled(server, sample.path)], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    status, _, content_type = done.stdout.partition(" ")
    return int(status), content_type, (folder / "body").read_bytes()


@pytest.mark.parametrize(("file", "sample"), SAMPLES, ids=[f"{file}-{sample.title}" for file, sample in SAMPLES])
def test_sample(contract, tmp_path, file, sample):
    server = contract(file)
    status, content_type, body = curl(server, sample, tmp_path)
    assert status == sample.status, body.decode(errors="replace") + server.log_tail()
    assert content_type.split(";")[0] == sample.content_type
    if sample.content_type == "application/json":
        assert differences(json.loads(sample.answer), json.loads(body)) == [], body.decode()
    elif sample.content_type == "text/plain":
        assert text_differences(sample.answer, body.decode()) == []
    elif sample.content_type == "image/png":
        (tmp_path / "code.png").write_bytes(body)
        shown = subprocess.check_output(["zbarimg", "--quiet", "--raw", tmp_path / "code.png"], text=True)
        assert shown.rstrip("\n") == server.get(sample.path.replace("qrcode", "config")).text.rstrip("\n")


def test_the_comparison_sees_what_is_wrong():
    printed = {"a": [{"b": 1, "c": "<integer>"}], "d": None}
    assert differences(printed, {"a": [{"b": 1, "c": 2, "x": 3}, {}], "d": None, "e": 1}) == []
    assert differences(printed, {"a": [{"b": "1", "c": True}]}) == [
        "$.d: missing",
        "$.a[0].b: '1', printed is 1",
        "$.a[0].c: True is no <integer>",
    ]
    assert differences({"a": []}, {"a": [1]}) == ["$.a: 1 rows, 0 are printed"]
    assert text_differences("A = <key>\nB = 1", "A = x\nB = 2") == [
        "'A = x', printed is 'A = <key>'",
        "'B = 2', printed is 'B = 1'",
    ]


@pytest.fixture(scope="module")
def limited(tmp_path_factory):
    """A gateway with the documented limits."""
    server = Server(tmp_path_factory.mktemp("limits") / "gateway", settings="")
    try:
        yield server.start()
    finally:
        server.close()


@pytest.mark.parametrize(
    ("token", "method", "limit"), [("admin", "GET", 100), ("admin", "POST", 30), (None, "GET", 10), (None, "POST", 5)]
)
def test_limits(limited, token, method, limit):
    body = {"reason": ""} if method == "POST" else None
    seen = []
    for _ in range(limit + 1):
        seen.append(limited.request(method, "/api/suspend" if method == "POST" else "/api/peers", body, token=token))
    *good, refused = seen
    assert 429 not in {answer.status_code for answer in good}
    assert good[0].headers["X-RateLimit-Limit"] == str(limit)
    assert [int(answer.headers["X-RateLimit-Remaining"]) for answer in good][-1] == 0
    assert refused.status_code == 429
    seconds = int(refused.headers["Retry-After"])
    assert 0 < seconds <= 60 and int(refused.headers["X-RateLimit-Reset"]) > 1_700_000_000
    shown = refused.json()
    assert {name: shown[name] for name in ("error", "message", "retry_after", "limit", "window")} == {
        "error": "Too Many Requests",
        "message": f"Rate limit exceeded. Try again in {seconds} seconds",
        "retry_after": seconds,
        "limit": limit,
        "window": 60,
    }
    assert limited.get("/healthz", token=token).status_code == 200


def test_the_token_in_the_url_is_off(contract):
    server = contract("refusals.http")
    answer = server.get(f"/api/peers?token={server.admin}", token=None, expect=401)
    assert "query_tokens" in answer.text and server.admin not in answer.text
    assert server.admin not in server.log.read_text()
