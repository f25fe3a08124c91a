"""Forges that tell of a push: the gateway fetches at once, long before it would look by itself."""

import hashlib
import hmac
import json
import time

import pytest

from lab.daemon import answer
from lab.device import key_pair
from lab.namespace import run, wait_for
from test_remote import Remote, git

SECRET = "4c0f5d9f4f0f1c1c9a6e6b2f8d1e7a35"
PORT = 8743


@pytest.fixture
def secret(tmp_path):
    file = tmp_path / "hook-secret"
    file.write_text(SECRET + "\n")
    file.chmod(0o600)
    return file


def configure(gateway, secret, repository=""):
    """A poll so rare that nothing but the hook can be the reason for a look."""
    gateway.host_file.write_text(
        f"userspace: wireguard-go\nrepository:\n{repository}  poll: 1d\napi: {{listen: ['127.0.0.1:{PORT}']}}\n"
        + (f"hooks: {{git_secret_file: {secret}}}\n" if secret else "")
    )


def code(body, secret=SECRET):
    return hmac.new(secret.encode(), body.encode(), hashlib.sha256).hexdigest()


def post(gateway, body, **headers):
    """Status and JSON of a delivery, over TCP as a forge makes it."""
    words = [word for name, value in headers.items() for word in ("-H", f"{name.replace('_', '-')}: {value}")]
    done = gateway.namespace.run(
        "curl", "-s", "--max-time", "20", "-w", "\n%{http_code}", "-H", "Content-Type: application/json", *words,
        "--data-binary", body, f"http://127.0.0.1:{PORT}/api/hooks/git")  # fmt: skip
    text, status = done.stdout.rsplit("\n", 1)
    return int(status), json.loads(text)


def push(ref="refs/heads/main"):
    return json.dumps({"ref": ref, "after": "0" * 40, "commits": [{"message": "of somebody"}]})


def test_a_push_is_applied_at_once(office, tmp_path, secret):
    remote = Remote(office, tmp_path)
    gateway = remote.gateway
    configure(gateway, secret, "  remote: origin\n")
    gateway.serve()
    wait_for(lambda: remote_state(gateway) == "in_sync", 30, what="the first look")
    for number, (name, proof) in enumerate([
        ("X_Hub_Signature_256", lambda body: "sha256=" + code(body)),
        ("X_Gitea_Signature", code),
        ("X_Gitlab_Token", lambda body: SECRET),
    ]):  # fmt: skip
        key = remote.push_peer(f"device-{number}", 50 + number)
        body = push()
        began = time.monotonic()
        assert post(gateway, body, **{name: proof(body)}) == (
            202, {"success": True, "data": {"branch": "main", "result": "accepted"}})  # fmt: skip
        assert time.monotonic() - began < 5, "the answer waited for the fetch"
        wait_for(lambda key=key: key in gateway.peers(), 30, what=f"the push that {name} proves")
    # Of another branch nothing is fetched.
    last = remote.push_peer("quiet", 60)
    body = push("refs/heads/topic")
    status, said = post(gateway, body, X_Hub_Signature_256="sha256=" + code(body))
    assert (status, said["data"]["result"]) == (202, "ignored")
    time.sleep(1)
    assert last not in gateway.peers() and not (gateway.config / "peers/wg0/quiet.yaml").exists()


def test_who_does_not_know_the_secret_learns_nothing(office, tmp_path, secret):
    remote = Remote(office, tmp_path)
    gateway = remote.gateway
    # Anonymous callers may write 5 times a minute; here more is tried.
    gateway.settings(repository_id="123e4567-e89b-12d3-a456-426614174000", rate_limits="{exempt: [127.0.0.0/8]}")
    remote.commit("exempt")
    configure(gateway, secret, "  remote: origin\n")
    gateway.serve()
    wait_for(lambda: remote_state(gateway) == "in_sync", 30, what="the first look")
    key = remote.push_peer("tablet", 50)
    body = push()
    good = "sha256=" + code(body)
    refused = [
        {},
        {"X_Hub_Signature_256": "sha256=" + code(body, "another secret of somebody")},
        {"X_Hub_Signature_256": "sha256=" + code(body + " ")},
        {"X_Hub_Signature_256": "sha1=" + code(body)},
        {"X_Hub_Signature_256": good[:-1]},
        {"X_Gitea_Signature": good},
        {"X_Gitlab_Token": SECRET[:-1]},
        {"X_Gitlab_Token": SECRET + "\\n"},
        {"Authorization": "Bearer " + SECRET},
        # One that is right does not outweigh one that is wrong.
        {"X_Hub_Signature_256": good, "X_Gitlab_Token": "guess"},
    ]
    answers = [post(gateway, body, **headers) for headers in refused]
    assert all(status == 401 for status, _ in answers), answers
    assert len({json.dumps(said) for _, said in answers}) == 1 and SECRET not in json.dumps(answers)
    assert SECRET not in gateway.log.read_text()
    time.sleep(1)
    assert key not in gateway.peers()
    # The file decides, at each delivery.
    secret.write_text("a newer secret that is long enough\n")
    assert post(gateway, body, X_Hub_Signature_256=good)[0] == 401
    secret.chmod(0o644)
    newer = "sha256=" + code(body, "a newer secret that is long enough")
    assert post(gateway, body, X_Hub_Signature_256=newer)[0] == 404
    assert "is open to others" in gateway.log.read_text()
    doctor = gateway.json("doctor", expect=[0, 1])["checks"]
    assert any("is open to others" in check["message"] for check in doctor if check["name"] == "hooks.git_secret_file")
    secret.chmod(0o600)
    # Signed, but no JSON.
    assert post(gateway, "{", X_Gitlab_Token="a newer secret that is long enough")[0] == 400
    assert post(gateway, body, X_Hub_Signature_256=newer)[0] == 202
    wait_for(lambda: key in gateway.peers(), 30, what="the push that was proved")


def test_without_a_remote_the_repository_is_looked_at_and_without_a_secret_nobody_answers(office, secret):
    gateway = office.gateway
    configure(gateway, None)
    gateway.serve()
    body = push()
    assert post(gateway, body, X_Hub_Signature_256="sha256=" + code(body))[0] == 404
    assert [post(gateway, body)[0] for _ in range(6)][-1] == 429, "anonymous callers are not limited"
    gateway.stop()
    configure(gateway, secret)
    gateway.serve()
    before = passes(gateway)
    assert post(gateway, body, X_Gitlab_Token=SECRET)[0] == 202
    wait_for(lambda: passes(gateway) > before, 30, what="a pass of the loop")


def remote_state(gateway):
    return gateway.json("status", expect=[0, 2, 10])["remote"]["state"]


def passes(gateway):
    """How many passes the loop made because the repository may have moved."""
    lines = answer(gateway, "GET", "/metrics")[2].decode().splitlines()
    name = 'wirebuddy_reconciler_passes_total{trigger="revision"'
    return sum(float(line.split()[-1]) for line in lines if line.startswith(name))
