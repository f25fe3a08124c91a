"""Session safety, measured: a device sends 20 packets a second to the LAN while other things change."""

import signal
import time

import pytest

from lab import topology
from lab.device import key_pair
from lab.flows import pings
from lab.gateway import CHANGES, RAIL


def add_others(office):
    for number in range(60, 70):
        office.add_stranger(f"other{number}", number)
    office.gateway.apply()


def change_other(office):
    office.gateway.peer("stranger", office.stranger, 201)
    office.gateway.apply()


def rename_other(office):
    office.gateway.remove("peers/wg0/stranger.yaml")
    office.gateway.peer("renamed", office.stranger, 200)
    office.gateway.apply()


def move_address(office):
    """The stranger's address goes to a new peer in the same change."""
    office.gateway.peer("stranger", office.stranger, 202)
    office.gateway.peer("heir", key_pair()[1], 200)
    office.gateway.apply()


def remove_other(office):
    office.gateway.remove("peers/wg0/stranger.yaml")
    office.gateway.apply()


def apply_again(office):
    for _ in range(3):
        office.gateway.apply()


def rename_own(office):
    office.gateway.remove("peers/wg0/device1.yaml")
    office.gateway.peer("new name", office.device.public_key, 2)
    office.gateway.apply()


def add_route(office):
    office.gateway.peer("device1", office.device.public_key, 2, routes="[192.168.77.0/24]")
    office.gateway.apply()
    office.gateway.peer("device1", office.device.public_key, 2)
    office.gateway.apply()


def add_interface(office):
    office.gateway.interface("wg1", address="10.11.0.1/24", listen_port=51821)
    office.gateway.apply()


def restart(office):
    assert office.gateway.stop() == 0
    time.sleep(1)
    office.gateway.serve()


def kill(office):
    office.gateway.stop(signal.SIGKILL)
    time.sleep(1)
    office.gateway.serve()


@pytest.mark.parametrize(
    "change",
    [add_others, change_other, rename_other, move_address, remove_other, apply_again, rename_own, add_route,
     add_interface, restart, kill],
)  # fmt: skip
def test_no_packet_is_lost(office, change):
    office.stranger = office.add_stranger()
    office.serve()
    with office.measured() as flow:
        change(office)
        time.sleep(1.5)
    office.gateway.plan(expect=0)
    assert flow["lost"] == 0, flow


def healed(office):
    """What the gateway says it healed: a measurement without loss must not be one without a fault."""
    return office.gateway.wirebuddy("status").stdout


def test_healing_a_removed_live_peer(office):
    office.serve()
    time.sleep(1)
    with office.measured() as flow:
        office.gateway.namespace.run("wg", "set", "wg0", "peer", office.device.public_key, "remove")
        office.gateway.daemon.send_signal(signal.SIGHUP)
        time.sleep(3)
    assert office.device.public_key in office.gateway.peers() and "healed Peer wg0/device1" in healed(office)
    assert flow["longest_silence"] <= 1.0, flow


def test_healing_a_deleted_link(office):
    office.serve()
    time.sleep(1)
    before = office.gateway.namespace.output("cat", "/sys/class/net/wg0/ifindex")
    with office.measured() as flow:
        office.gateway.namespace.run("ip", "link", "del", "wg0")
        time.sleep(5)
    assert office.gateway.namespace.output("cat", "/sys/class/net/wg0/ifindex") != before
    assert "healed Interface wg0" in healed(office)
    assert flow["longest_silence"] <= 3.0, flow


def test_changing_the_address_loses_at_most_one_packet(office):
    office.serve()
    with office.measured() as flow:
        office.gateway.interface(address="[10.8.0.254/24, fd42:8::1/64]")
        office.gateway.apply()
        time.sleep(1)
    assert "10.8.0.254/24" in office.gateway.addresses() and "10.8.0.1/24" not in office.gateway.addresses()
    assert flow["lost"] <= 1, flow


def impacts(office):
    changes = office.gateway.json("plan", expect=[CHANGES, RAIL])["changes"]
    return {change["impact"] for change in changes}


def test_label_of_another_port_is_what_happens(office):
    office.serve()
    office.gateway.settings(reconcile="{drift: heal}")
    office.gateway.stop()
    office.gateway.interface(listen_port=51830)
    labels = impacts(office)
    with office.measured() as flow:
        office.gateway.apply_approved("port-change")
        time.sleep(3)
    # The configurations of devices name the old port, so they have to be made anew; live sessions are told the new one
    # by the gateway's first packet from it and go on.
    assert labels == {"reimport"}
    assert office.gateway.namespace.output("wg", "show", "wg0", "listen-port") == "51830"
    assert flow["longest_silence"] <= 1.0, flow
    # A device that starts again from its configuration of before reaches nobody; with the new port it does.
    device, key = office.device, office.gateway.public_key()
    for port, answers in ((51820, False), (51830, True)):
        device.set("peer", key, "remove")
        device.connect(key, f"{topology.GATEWAY}:{port}", ["10.8.0.0/24"])
        assert pings(device.namespace, "10.8.0.1", count=3) == answers, f"port {port}"


def test_label_of_removing_and_adding_again(office):
    office.add_stranger()
    office.serve()
    office.gateway.stop()
    office.gateway.remove("peers/wg0/device1.yaml")
    assert "session-loss" in impacts(office)
    with office.measured() as flow:
        office.gateway.apply()
        time.sleep(1)
        office.gateway.peer("device1", office.device.public_key, 2)
        office.gateway.apply()
        time.sleep(2)
    assert flow["lost"] >= 15


def test_label_of_another_private_key(office):
    secrets = office.gateway.state / "secrets"
    secrets.mkdir(mode=0o700, exist_ok=True)
    office.serve()
    office.gateway.stop()
    (secrets / "new.key").write_text(key_pair()[0] + "\n")
    (secrets / "new.key").chmod(0o600)
    office.gateway.interface(private_key="file:new.key")
    assert "reimport" in impacts(office)
    old = office.gateway.public_key()
    with office.measured() as flow:
        office.gateway.apply_approved("re-key")
        time.sleep(2)
    assert office.gateway.public_key() != old
    assert flow["lost"] >= 20, flow
