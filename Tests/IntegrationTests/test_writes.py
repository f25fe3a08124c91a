"""The commands that write: each is a commit, and what the gateway does follows from it."""

import json
import os
import subprocess
import tempfile
import time

import pytest

from lab.device import key_pair
from lab.gateway import BINARY, DONE, ERROR, INVALID, RAIL, STALE
from lab.namespace import wait_for

PHONE = "peers/wg0/phone.yaml"


def git(gateway, *words, **options):
    return gateway.namespace.output("git", "-C", gateway.config, *words, **options)


def subject(gateway):
    return git(gateway, "log", "-1", "--format=%s")


@pytest.fixture
def repository(gateway):
    """A repository as `init` makes it, with wg0 on the backend of these tests."""
    gateway.wirebuddy("init")
    gateway.wirebuddy("interface", "set", "wg0", f"backend={gateway.backend}", "address+=fd42:8::1/64")
    gateway.wirebuddy("interface", "set", "wg0", "endpoint=192.0.2.1:51820")
    return gateway


def key_of(gateway, name):
    return gateway.json("peer", "show", name)["peer"]["public_key"]


def test_a_peer_lives_its_life(repository):
    gateway = repository
    made = gateway.wirebuddy("peer", "add", "phone")
    assert "10.8.0.2" in made.stdout and "wirebuddy peer qr phone" in made.stdout
    assert "not applied, no daemon runs here" in made.stdout
    assert subject(gateway) == "Add peer phone to wg0"
    trailers = git(gateway, "log", "-1", "--format=%(trailers)")
    assert "Via: cli" in trailers and "Request-Id: " in trailers
    assert git(gateway, "status", "--porcelain") == ""
    text = (gateway.config / PHONE).read_text()
    assert text.startswith("# yaml-language-server: $schema=../../.schemas/peer.schema.json\nkind: Peer\n")
    first = key_of(gateway, "phone")
    gateway.apply()
    assert gateway.peers() == {first: {"10.8.0.2/32", "fd42:8::2/128"}}

    # A person writes comments, and they stay.
    (gateway.config / PHONE).write_text(text.replace("interface: wg0\n", "interface: wg0   # the office\n") + "# end\n")
    git(gateway, "-c", "user.name=Anna", "-c", "user.email=anna@example.com", "commit", "-qam", "Comment")
    before = gateway.json("peer", "show", "phone")["peer"]
    gateway.wirebuddy("peer", "set", "phone", "routing_mode=vpn_only", "routes+=192.168.60.0/24")
    assert git(gateway, "diff", "-U0", "HEAD~1").count("\n+") == 3, "the header and two fields"
    gateway.wirebuddy("peer", "set", "phone", "name=Anna's phone")
    assert git(gateway, "log", "-1", "--format=%b").startswith("name: phone → Anna's phone")
    after = gateway.json("peer", "show", "Anna's phone")["peer"]
    assert (after["id"], after["public_key"], after["file"]) == (before["id"], first, PHONE)
    assert "# the office" in (gateway.config / PHONE).read_text() and "# end" in (gateway.config / PHONE).read_text()
    assert "PrivateKey" in gateway.wirebuddy("peer", "config", "Anna's phone").stdout

    gateway.wirebuddy("peer", "rotate-keys", "Anna's phone")
    second = key_of(gateway, "Anna's phone")
    assert second != first and gateway.json("peer", "show", "Anna's phone")["peer"]["id"] == before["id"]
    gateway.apply()
    assert list(gateway.peers()) == [second]
    done = gateway.wirebuddy("peer", "disable", "Anna's phone")
    assert "until then the key is let in on wg0" in done.stdout
    gateway.apply()
    assert gateway.peers() == {}
    gateway.wirebuddy("peer", "enable", "Anna's phone")
    gateway.apply()
    gateway.wirebuddy("peer", "remove", "Anna's phone")
    assert not (gateway.config / PHONE).exists() and subject(gateway) == "Remove peer Anna's phone from wg0"
    # The last peer of all: naming it was the consent.
    gateway.apply()
    assert gateway.peers() == {}
    gateway.plan(expect=DONE)
    gateway.wirebuddy("down")


def test_a_daemon_applies_and_revocations_are_read_back(repository):
    gateway = repository
    gateway.wirebuddy("peer", "add", "laptop")
    gateway.apply()
    gateway.serve()
    made = gateway.json("peer", "add", "phone")
    assert made["state"] == "applied"
    key = key_of(gateway, "phone")
    assert key in gateway.peers()
    done = gateway.wirebuddy("peer", "disable", "phone")
    assert "blocked, read back from the host" in done.stdout
    assert key not in gateway.peers()
    laptop = key_of(gateway, "laptop")
    gone = gateway.json("peer", "remove", "laptop")
    assert gone["state"] == "applied" and gone["remaining_keys"] == []
    assert laptop not in gateway.peers()
    gateway.wirebuddy("interface", "stop", "wg0")
    assert "state down" in gateway.namespace.output("ip", "-o", "link", "show", "wg0").lower()
    gateway.wirebuddy("interface", "start", "wg0")
    gateway.wait_in_sync()
    gateway.wirebuddy("interface", "remove", "wg0", expect=STALE)
    gone = gateway.json("interface", "remove", "wg0", "--with-peers")
    assert gone["state"] == "applied"
    wait_for(lambda: not gateway.has_link(), 5, what="the link is gone")


def test_nothing_is_changed_when_a_write_is_refused(repository):
    gateway = repository
    gateway.wirebuddy("peer", "add", "phone")
    head = git(gateway, "rev-parse", "HEAD")
    dirty = (gateway.config / PHONE).read_text() + "# unfinished thought\n"
    (gateway.config / PHONE).write_text(dirty)
    refused = gateway.wirebuddy("peer", "disable", "phone", expect=STALE)
    assert PHONE in refused.stderr and "nothing was changed" in refused.stderr
    assert (gateway.config / PHONE).read_text() == dirty
    git(gateway, "checkout", "-q", PHONE)
    gateway.wirebuddy("peer", "add", "phone", expect=STALE)
    gateway.wirebuddy("peer", "add", "tablet", "--ip", "10.9.0.1", expect=INVALID)
    gateway.wirebuddy("peer", "add", "tablet", "--ip", "10.8.0.2", expect=STALE)
    unknown = gateway.wirebuddy("peer", "set", "phone", "routing_mod=vpn_only", expect=INVALID)
    assert 'did you mean "routing_mode"?' in unknown.stderr
    missing = gateway.wirebuddy("peer", "set", "phome", "enabled=false", expect=ERROR)
    assert 'did you mean phone?' in missing.stderr
    secret = gateway.wirebuddy("peer", "set", "phone", f"preshared_key={key_pair()[0]}", expect=INVALID)
    assert "never the secret itself" in secret.stderr
    gateway.host_file.write_text("userspace: wireguard-go\nrepository: {mode: readonly}\n")
    assert "read-only" in gateway.wirebuddy("peer", "disable", "phone", expect=ERROR).stderr
    assert git(gateway, "rev-parse", "HEAD") == head and git(gateway, "status", "--porcelain") == ""


def test_a_dry_run_shows_files_and_plan(repository):
    gateway = repository
    gateway.apply()
    head = git(gateway, "rev-parse", "HEAD")
    shown = gateway.wirebuddy("peer", "add", "phone", "--dry-run").stdout
    assert f"+++ b/{PHONE}" in shown and "+name: phone" in shown and "wg0/phone" in shown
    document = gateway.json("peer", "add", "phone", "--dry-run")
    assert [change["name"] for change in document["plan"]["changes"] if change["kind"] == "Peer"] == ["wg0/phone"]
    assert git(gateway, "rev-parse", "HEAD") == head
    gateway.wirebuddy("down")


def test_a_checkout_of_another_user_needs_no_host(repository):
    gateway = repository
    gateway.wirebuddy("peer", "add", "phone")
    with tempfile.TemporaryDirectory() as folder:
        os.chmod(folder, 0o755)
        checkout = f"{folder}/checkout"
        git(gateway, "clone", "-q", gateway.config, checkout)
        subprocess.run(["chown", "-R", "nobody", checkout], check=True)
        document = json.loads(gateway.namespace.output(
            "setpriv", "--reuid=nobody", "--clear-groups", "env", "HOME=/nonexistent", BINARY, "peer", "add", "laptop",
            "--format", "json", "--config", checkout, "--state", f"{folder}/state",
        ))  # fmt: skip
        assert document["state"] == "unknown" and document["object"]["name"] == "laptop"
        log = ["git", "-C", checkout, "-c", f"safe.directory={checkout}", "log", "-1", "--format=%an %s"]
        shown = subprocess.run(log, check=True, capture_output=True, text=True).stdout
        assert shown == "nobody Add peer laptop to wg0\n"


def test_the_rails_hold_before_the_commit(repository):
    gateway = repository
    for number in range(3):
        gateway.wirebuddy("peer", "add", f"p{number}", "--public-key", key_pair()[1])
    gateway.wirebuddy("interface", "add", "wg1", "--address", "10.9.0.1/24", "--set", f"backend={gateway.backend}")
    gateway.apply()
    # Somebody's push takes an interface away; a write on top is refused, a revocation is not.
    git(gateway, "rm", "-q", "interfaces/wg1.yaml")
    git(gateway, "-c", "user.name=Anna", "-c", "user.email=anna@example.com", "commit", "-qm", "Remove wg1")
    head = git(gateway, "rev-parse", "HEAD")
    refused = gateway.wirebuddy("peer", "add", "late", expect=RAIL)
    assert "interface-removal" in refused.stderr and "nothing was changed" in refused.stderr
    assert git(gateway, "rev-parse", "HEAD") == head
    digest = refused.stderr.split("--approve ")[1][:12]
    gateway.wirebuddy("peer", "disable", "p0")
    gateway.wirebuddy("peer", "add", "late", "--approve", digest)
    gateway.apply()
    assert not gateway.has_link("wg1")
    gateway.wirebuddy("down")


def test_parallel_commands_lose_nothing(repository):
    gateway = repository
    names = [f"{team}-{number}" for number in range(20) for team in ("red", "blue")]

    def run(team):
        script = " && ".join(
            " ".join(map(str, gateway.arguments("peer", "add", name, "--public-key", f"'{key_pair()[1]}'")))
            for name in names if name.startswith(team)
        )  # fmt: skip
        return gateway.namespace.start("sh", "-c", script, stdout=subprocess.DEVNULL)

    started = time.monotonic()
    for process in [run("red"), run("blue")]:
        assert process.wait(timeout=120) == 0
    print(f"40 peers by 2 processes in {time.monotonic() - started:.1f} s")
    peers = gateway.json("peer", "list")["peers"]
    assert sorted(peer["name"] for peer in peers) == sorted(names)
    addresses = [address for peer in peers for address in peer["ip"]]
    assert len(addresses) == len(set(addresses)) == 80
    assert len(git(gateway, "log", "--format=%s", "--grep=^Add peer").splitlines()) == 40
    assert git(gateway, "status", "--porcelain") == ""
    gateway.wirebuddy("validate", "--head")
