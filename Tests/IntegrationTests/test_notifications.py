"""What the daemon tells others, and what `wirebuddy events` tells of it."""

import json
import subprocess
from pathlib import Path

import pytest
from lab.device import key_pair
from lab.namespace import wait_for
from lab.receiver import Receiver, signature

TESTS = Path(__file__).parents[1]


def commit(gateway, path, text):
    (gateway.config / path).write_text(text)
    git = ("git", "-C", gateway.config, "-c", "user.name=Anna", "-c", "user.email=anna@example.com")
    gateway.namespace.output(*git, "add", "-A")
    gateway.namespace.output(*git, "commit", "-q", "-m", f"change {path}")


@pytest.fixture
def receiver(gateway, tmp_path):
    receiver = Receiver(gateway, tmp_path / "receiver", TESTS)
    yield receiver
    receiver.stop()


@pytest.fixture
def told(gateway, receiver):
    """A served gateway with two receivers: one of everything, and one that wants drift only and has no luck."""
    gateway.wirebuddy("init")
    gateway.wirebuddy("interface", "set", "wg0", f"backend={gateway.backend}", "endpoint=192.0.2.1:51820")
    gateway.wirebuddy("peer", "add", "phone")
    secrets = gateway.state / "secrets"
    secrets.mkdir(mode=0o700, exist_ok=True)
    (secrets / "hook.key").write_text(key_pair()[0] + "\n")
    (secrets / "hook.key").chmod(0o600)
    settings = (gateway.config / "settings.yaml").read_text()
    # WireGuard tells of no change: peers are read at each pass.
    commit(gateway, "settings.yaml", settings + f"""reconcile: {{interval: 2s}}
notifications:
  - {{url: "{receiver.url("take/T0K3N")}", secret: file:hook.key, window: 1s}}
  - {{url: "{receiver.url("status/503")}", kinds: [drift]}}
""")  # fmt: skip
    gateway.serve()
    return gateway


def events(gateway, *words):
    lines = gateway.wirebuddy("events", "--format", "json", *words).stdout.splitlines()
    return [json.loads(line) for line in lines]


def test_drift_and_a_bad_revision_are_told_and_that_they_are_over(told, receiver):
    key = next(iter(told.peers()))
    told.namespace.run("wg", "set", "wg0", "peer", key, "remove")
    drift = receiver.wait_for("drift", "healed", "take/T0K3N")
    assert drift["object"] == {"kind": "Peer", "name": "wg0/phone"} and key in told.peers()
    post = receiver.posts("take/T0K3N")[0]
    key_text = (told.state / "secrets/hook.key").read_text()
    assert post["headers"]["X-WireBuddy-Signature"] == signature(post["body"], key_text)
    assert post["headers"]["X-WireBuddy-Delivery"] == json.loads(post["body"])["delivery"]

    settings = (told.config / "settings.yaml").read_text()
    commit(told, "settings.yaml", settings + "unknown: 1\n")
    found = receiver.wait_for("revision-failed", "found", "take/T0K3N")
    assert "settings.yaml:" in found["details"][0]
    commit(told, "settings.yaml", settings)
    over = receiver.wait_for("revision-failed", "resolved", "take/T0K3N")
    assert over["fingerprint"] == found["fingerprint"] and over["since"] == found["since"]

    # The other one is tried again with the same id, and holds up nobody.
    tried = wait_for(lambda: (posts := receiver.posts("status/503"))[2:] and posts, 20, what="three attempts")
    assert len({post["headers"]["X-WireBuddy-Delivery"] for post in tried}) == 1
    assert {post["headers"]["X-WireBuddy-Event"] for post in tried} == {"drift"}
    log = told.log.read_text()
    assert "a notification was not taken" in log and "T0K3N" not in log


def test_events_tell_what_was_done_by_whom(told, receiver):
    key = next(iter(told.peers()))
    told.namespace.run("wg", "set", "wg0", "peer", key, "remove")
    receiver.wait_for("drift", "healed", "take/T0K3N")
    # Read from a pipe while it follows.
    follow = told.namespace.start(*told.arguments("events", "--follow", "--kind", "commit", "--format", "json"),
                                  stdout=subprocess.PIPE, text=True)  # fmt: skip
    before = [json.loads(follow.stdout.readline()) for _ in events(told, "--kind", "commit")]
    assert before[-1]["actor"] == "Anna" and before[-1]["message"] == "change settings.yaml"
    told.wirebuddy("peer", "disable", "phone")
    seen = json.loads(follow.stdout.readline())
    assert seen["kind"] == "commit" and seen["actor"].endswith("via cli") and "phone" in seen["message"]
    follow.terminate()
    assert follow.wait(10) == 0

    whole = events(told)
    assert [event["at"] for event in whole] == sorted(event["at"] for event in whole)
    assert {"commit", "revision", "applied", "healed", "revocation"} <= {event["kind"] for event in whole}
    healed = next(event for event in whole if event["kind"] == "healed")
    assert healed["object"] == {"kind": "Peer", "name": "wg0/phone"} and healed["pass"]
    assert events(told, "--limit", "2") == whole[-2:]
    assert events(told, "--kind", "healed", "--kind", "commit", "--since", "1h") == [
        event for event in whole if event["kind"] in ("healed", "commit")]  # fmt: skip
    told.stop()
    # Without a daemon it is the same list.
    assert events(told)[: len(whole)] == whole
    text = told.wirebuddy("events", "--kind", "revocation").stdout
    assert "revocation" in text and "Peer wg0/phone" in text
    told.wirebuddy("events", "--kind", "nonsense", expect=64)


def test_who_stops_reading_ends_what_follows(gateway):
    gateway.wirebuddy("init")
    follow = gateway.namespace.start(*gateway.arguments("events", "--follow"), stdout=subprocess.PIPE, text=True)
    assert "commit" in follow.stdout.readline()
    follow.stdout.close()
    assert follow.wait(10) == 0
