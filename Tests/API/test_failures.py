"""What the answers say when the kernel does not do what was asked."""

import os
import signal
from itertools import count

import pytest
from lab.namespace import processes_in, program, wait_for
from served.deaf import Deaf
from served.server import in_an_hour

ACCESS = "access was not taken away"
NUMBERS = count()


@pytest.fixture
def peer(server):
    """A peer that is in the kernel."""
    made = server.peer(f"stays {next(NUMBERS)}")
    wait_for(lambda: made["public_key"] in server.peers(), what="the peer in the kernel")
    return made


def assert_failed(answer, peer):
    """A 500 that says which access is still there, after which commit."""
    body = answer.json()
    assert body["error"] == "Internal Server Error"
    assert body["message"].startswith(f"committed as {answer.headers['X-WireBuddy-Revision']}, not applied: ")
    reconcile = body["details"]["reconcile"]
    assert reconcile["state"] == "failed" and reconcile["revision"] == answer.headers["X-WireBuddy-Revision"]
    assert [row["object"]["name"] for row in reconcile["errors"]] == [f"wg0/{peer['name']}"]
    assert ACCESS in reconcile["errors"][0]["message"] and "busy" in reconcile["errors"][0]["message"].lower()


def standing(server, peer):
    return server.get(f"/api/peers/{peer['id']}").json()["data"]["observed"]["state"]


def test_a_peer_that_cannot_be_deleted(server, peer):
    path = f"/api/peers/{peer['id']}"
    with Deaf(server.namespace):
        assert_failed(server.delete(path, expect=500), peer)
        shown = server.get(path).json()["data"]
        assert shown["observed"]["state"] == "failed" and shown["name"] == peer["name"] and not shown["enabled"]
        assert peer["public_key"] in server.peers() and not server.is_in_sync()
        # It stays so in later passes, whether they try again or wait with that.
        server.post("/api/reconcile", expect=None)
        assert standing(server, peer) == "failed"
        for number in range(3):
            server.peer(f"beside {peer['name']}-{number}")
            assert standing(server, peer) == "failed"
        assert "all is well" not in server.log.read_text()
        assert peer["name"] not in [row["name"] for row in server.get("/api/peers?limit=100").json()["data"]["peers"]]
    wait_for(lambda: peer["public_key"] not in server.peers(), 60, what="the removal after the repair")
    server.wait_in_sync()
    wait_for(lambda: server.get(path, expect=None).status_code == 404, 20, what="a peer that is gone")


def test_a_peer_that_is_deleted_while_the_loop_is_suspended(server, peer):
    """Who names a peer revokes it: that waits for nothing."""
    path = f"/api/peers/{peer['id']}"
    server.post("/api/suspend", {"reason": "a test", "until": in_an_hour()})
    try:
        server.delete(path, expect=200)
        assert peer["public_key"] not in server.peers()
        server.get(path, expect=404)
    finally:
        server.delete("/api/suspend")


def devices():
    return [process for process in processes_in("/proc/self/ns/net") if program(process) == "wireguard-go"]


def test_the_last_peer_is_deleted_while_its_device_is_gone(fresh):
    """What was named for removal goes also where it was not there to be looked at."""
    peer = fresh.peer("alone")
    wait_for(lambda: peer["public_key"] in fresh.peers(), what="the peer in the kernel")
    (device,) = devices()
    os.kill(device, signal.SIGKILL)
    fresh.delete(f"/api/peers/{peer['id']}", expect=None)
    wait_for(lambda: [process for process in devices() if process != device], 30, what="the device")
    fresh.wait_in_sync()
    assert peer["public_key"] not in fresh.peers()
    fresh.get(f"/api/peers/{peer['id']}", expect=404)


@pytest.mark.parametrize("way", ["PATCH", "PUT", "disable"])
def test_a_peer_that_cannot_be_disabled(server, peer, way):
    path = f"/api/peers/{peer['id']}"
    with Deaf(server.namespace):
        if way == "disable":
            answer = server.post(f"{path}/disable", expect=500)
        else:
            answer = server.request(way, path, {"enabled": False}, expect=500)
        assert_failed(answer, peer)
        shown = server.get(path).json()["data"]
        assert shown["observed"]["state"] == "failed" and shown["status"] == "disabled" and not shown["enabled"]
        assert peer["public_key"] in server.peers()
        # A write of something else is none of its business.
        server.peer(f"beside {peer['name']}")
        assert standing(server, peer) == "failed"
    wait_for(lambda: peer["public_key"] not in server.peers(), 60, what="the removal after the repair")
    server.wait_in_sync()
    wait_for(lambda: standing(server, peer) == "in_sync", 20, what="a disabled peer that is in sync")
    assert server.post(f"{path}/enable").json()["reconcile"]["state"] == "converged"
    assert peer["public_key"] in server.peers()
