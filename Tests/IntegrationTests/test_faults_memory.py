"""No memory is left, and the kernel ends a process: nothing acknowledged is lost, and the gateway comes back."""

import pytest

from lab.device import key_pair
from lab.fault import assert_quiet, survived
from lab.flows import pings
from lab.namespace import wait_for
from lab.repository import commit, git
from lab.small_memory import SmallMemory


@pytest.fixture
def memory():
    memory = SmallMemory()
    yield memory
    memory.close()


def test_the_daemon_is_ended(office, memory):
    """Right after a write that it acknowledged. The tunnels don't notice."""
    gateway = office.gateway
    git(gateway.config, "init", "-q", "-b", "main")
    commit(gateway.config, "begin")
    office.serve()
    key = key_pair()[1]
    with office.measured() as flow:
        gateway.wirebuddy("peer", "add", "phone", "--interface", "wg0", "--public-key", key)
        memory.end(gateway.pid())
        gateway.daemon.wait(timeout=10)
        gateway.serve()
    assert flow["lost"] == 0
    assert key in gateway.peers()
    assert "peers/wg0/phone.yaml" in git(gateway.config, "ls-tree", "-r", "--name-only", "main")
    assert git(gateway.config, "status", "--porcelain") == ""
    gateway.plan(expect=0)
    assert_quiet(gateway)


def test_wireguard_go_is_ended(office, memory):
    """Its device is made again with all peers and known endpoints: a session goes on without its device's doing."""
    gateway = office.gateway
    office.add_stranger()
    office.serve()
    # A look, so that it is known where the device is: the kernel tells nobody.
    gateway.apply()
    before, key = gateway.peers(), gateway.public_key()
    (process,) = gateway.namespace.processes("wireguard-go")
    daemon = gateway.pid()
    memory.end(process)
    wait_for(lambda: gateway.namespace.processes("wireguard-go") not in ([], [process]), 20, what="another wireguard-go")
    wait_for(lambda: gateway.peers() == before, 20, what="all peers")
    assert gateway.public_key() == key and gateway.pid() == daemon and gateway.daemon.poll() is None
    wait_for(lambda: pings(office.device.namespace, "10.8.0.1", wait=1), 10, what="the session")
    gateway.wait_in_sync()
    with survived(office):
        assert gateway.peers() == before
