"""Ways that changes must not cut: the connection of who administers the gateway, and the git remote."""

import contextlib
import subprocess
from pathlib import Path

import pytest

from lab import topology
from lab.device import key_pair
from lab.flows import pings
from lab.gateway import CHANGES, DONE, RAIL
from lab.namespace import run, wait_for

LAB = Path(__file__).parent / "lab"


def ready(namespace, script, *words):
    process = namespace.python(LAB / script, *words, stdout=subprocess.PIPE, text=True)
    assert process.stdout.readline() == "ready\n", f"{script} {words}"
    return process


@contextlib.contextmanager
def connected(namespace, host, port=22):
    """Somebody's session, as long as the block runs."""
    process = ready(namespace, "connection.py", host, port)
    try:
        yield
    finally:
        process.kill()
        process.wait()


@pytest.fixture
def site(office):
    """A connected device, and one more peer so that it is not the last one; something listens where SSH would."""
    office.add_stranger()
    office.gateway.apply()
    office.connect()
    ready(office.gateway.namespace, "listener.py", "0.0.0.0", 22)
    return office


def plan(gateway):
    """The rails that refuse, and the objects that may lock somebody out."""
    document = gateway.json("plan", expect=[DONE, CHANGES, RAIL])
    risks = {f"{row['kind']} {row['name']}" for row in document["changes"] if row["impact"] == "lockout-risk"}
    return {row["rail"] for row in document["refusals"]}, risks


def test_a_session_through_a_peer_is_not_cut(site):
    gateway = site.gateway
    key = site.device.public_key

    def edits():
        """What would cut it, and what is to blame."""
        gateway.remove("peers/wg0/device1.yaml")
        yield "the peer goes", "Peer wg0/device1"
        gateway.peer("device1", key, 77)
        yield "it loses the address", "Peer wg0/device1"
        gateway.peer("device1", key, 2)
        gateway.interface(enabled="false")
        yield "the interface stops", "Interface wg0"
        gateway.interface(address="[10.8.0.254/24, fd42:8::1/64]")
        yield "the gateway's address goes", "Interface wg0"
        gateway.interface(input="[udp/53]")
        yield "the port is closed", "Firewall inet wirebuddy"
        gateway.interface(listen_port=51999)
        yield "the port moves", "Interface wg0"

    with connected(site.device.namespace, "10.8.0.1"):
        for what, blamed in edits():
            rails, risks = plan(gateway)
            assert "admin-path" in rails and blamed in risks, (what, rails, risks)
            gateway.apply(expect=RAIL)
        gateway.interface()
        # A port that stays open, drift, and revocations are no cuts.
        gateway.interface(input="[tcp/22, udp/53]")
        assert plan(gateway) == (set(), set())
        gateway.apply()
        gateway.namespace.run("wg", "set", "wg0", "listen-port", "51777")
        assert plan(gateway) == (set(), set())
        gateway.apply()
        gateway.remove("peers/wg0/device1.yaml")
        gateway.apply_approved("admin-path")
        assert key not in gateway.peers()


def test_without_a_session_nothing_is_held(site):
    gateway = site.gateway
    gateway.remove("peers/wg0/device1.yaml")
    with connected(site.device.namespace, "10.8.0.1"):
        assert plan(gateway)[0] == {"admin-path"}
    wait_for(lambda: plan(gateway) == (set(), set()), 20, what="the end of the session")


def test_the_way_back_of_a_session_from_outside_is_not_captured(site):
    gateway = site.gateway
    more = key_pair()[1]
    with connected(site.lab.net, topology.GATEWAY):
        gateway.peer("exit", more, 9, routes="[203.0.113.128/25]")
        rails, risks = plan(gateway)
        assert rails == {"admin-path"} and any(risk.startswith("Route ") for risk in risks), (rails, risks)
        gateway.peer("exit", more, 9, routes="[198.18.0.0/24]")
        assert plan(gateway) == (set(), set())


def test_the_way_to_the_remote_is_not_cut(site, tmp_path):
    gateway = site.gateway
    repositories = tmp_path / "remotes"
    run("git", "init", "-q", "--bare", "-b", "main", repositories / "gateway.git")
    (repositories / "gateway.git/git-daemon-export-ok").touch()
    site.device.namespace.start("git", "daemon", f"--base-path={repositories}", "--enable=receive-pack", "--listen=10.8.0.2")
    gateway.settings(repository_id="123e4567-e89b-12d3-a456-426614174000")
    git = ["git", "-C", gateway.config, "-c", "user.name=Test", "-c", "user.email=test@example.com"]
    run(*git, "init", "-q", "-b", "main")
    run(*git, "add", "-A")
    run(*git, "commit", "-qm", "begin")
    run(*git, "remote", "add", "origin", "git://10.8.0.2/gateway.git")
    wait_for(lambda: gateway.namespace.run(*git, "push", "-q", "origin", "main", check=False).returncode == 0, 20,
             what="a push through the tunnel")  # fmt: skip
    gateway.host_file.write_text("userspace: wireguard-go\nrepository:\n  remote: origin\n  poll: 5s\n")
    gateway.apply()
    head = run(*git, "rev-parse", "HEAD").stdout
    refused = gateway.wirebuddy("peer", "set", "device1", "ip=10.8.0.99", expect=RAIL)
    assert "remote-path" in refused.stderr and "10.8.0.2" in refused.stderr
    assert run(*git, "rev-parse", "HEAD").stdout == head
    run(*git, "rm", "-q", "peers/wg0/device1.yaml")
    run(*git, "commit", "-qm", "Remove the way")
    rails, risks = plan(gateway)
    assert rails == {"remote-path"} and risks == {"Peer wg0/device1"}
    gateway.apply(expect=RAIL)
    assert pings(site.device.namespace, "10.8.0.1", count=1)
