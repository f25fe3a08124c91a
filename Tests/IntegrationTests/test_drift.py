"""While serve runs: what somebody changes by hand is reported as drift and healed, or left when told so."""

import time

import pytest

from lab.device import key_pair
from lab.gateway import CHANGES, document
from lab.namespace import wait_for

KEY = key_pair()[1]


def remove_peer(office):
    office.gateway.namespace.run("wg", "set", "wg0", "peer", office.device.public_key, "remove")


def add_peer(office):
    office.gateway.namespace.run("wg", "set", "wg0", "peer", KEY, "allowed-ips", "10.8.0.99/32")


def change_peer(office):
    office.gateway.namespace.run("wg", "set", "wg0", "peer", office.device.public_key, "allowed-ips", "10.8.0.77/32")


def change_port(office):
    office.gateway.namespace.run("wg", "set", "wg0", "listen-port", "51999")


def remove_address(office):
    office.gateway.namespace.run("ip", "address", "del", "10.8.0.1/24", "dev", "wg0")


def add_address(office):
    office.gateway.namespace.run("ip", "address", "add", "10.99.0.1/24", "dev", "wg0")


def link_down(office):
    office.gateway.namespace.run("ip", "link", "set", "wg0", "down")


def change_mtu(office):
    office.gateway.namespace.run("ip", "link", "set", "wg0", "mtu", "1300")


def delete_link(office):
    office.gateway.namespace.run("ip", "link", "del", "wg0")


def delete_table(office):
    office.gateway.namespace.run("nft", "delete", "table", "inet", "wirebuddy")


def flush_table(office):
    office.gateway.namespace.run("nft", "flush", "table", "inet", "wirebuddy")


def delete_route(office):
    office.gateway.namespace.run("ip", "route", "del", "192.168.60.0/24")


def forwarding_off(office):
    office.gateway.namespace.run("sysctl", "-qw", "net.ipv4.ip_forward=0")


def kill_userspace(office):
    for pid in office.gateway.namespace.processes("wireguard-go"):
        office.gateway.namespace.run("kill", "-9", pid)


# What is done by hand, and the words of the drift report that name field, before and after.
VISIBLE = [
    (remove_address, ["10.8.0.1/24"]),
    (link_down, ["link", "down", "up"]),
    (change_mtu, ["mtu", "1300"]),
    (delete_link, ["wg0"]),
    (delete_table, ["wirebuddy"]),
    (flush_table, ["wirebuddy"]),
    (delete_route, ["192.168.60.0/24"]),
    (forwarding_off, ["ip_forward", "0", "1"]),
    (kill_userspace, ["wg0"]),
]
POLLED = [
    (remove_peer, ["device1"]),
    (add_peer, [KEY]),
    (change_peer, ["device1", "10.8.0.77/32", "10.8.0.2/32"]),
    (change_port, ["51999", "51820"]),
]


@pytest.fixture
def site(office):
    office.add_stranger("site", 50, routes="[192.168.60.0/24]")
    return office


def named(cases):
    return [pytest.param(*case, id=case[0].__name__) for case in cases]


@pytest.mark.parametrize("disturb, words", named(VISIBLE))
def test_visible_drift_is_healed_within_two_seconds(site, disturb, words):
    site.serve()
    disturb(site)
    start = time.monotonic()
    time.sleep(0.2)
    site.gateway.wait_in_sync(5)
    elapsed = time.monotonic() - start
    site.gateway.wirebuddy("drift")
    # The check itself takes a few tenths of a second.
    assert elapsed <= 2.5, f"healed after {elapsed:.1f} s"


@pytest.mark.parametrize("disturb, words", named(POLLED))
def test_peers_are_healed_within_one_interval(site, disturb, words):
    site.gateway.settings(reconcile="{interval: 3s}")
    site.serve()
    disturb(site)
    site.gateway.wait_in_sync(5)
    assert set(site.gateway.peers()) >= {site.device.public_key} and KEY not in site.gateway.peers()


@pytest.mark.parametrize("disturb, words", named([case for case in VISIBLE if case[0] is not kill_userspace] + POLLED))
def test_drift_is_reported_and_left(site, disturb, words):
    site.gateway.settings(reconcile="{interval: 1s, drift: report}")
    site.serve()
    disturb(site)
    time.sleep(2.5)
    report = site.gateway.wirebuddy("drift", expect=CHANGES).stdout
    for word in words:
        assert word in report, f"{word} not in the report:\n{report}"
    # An explicit apply heals what its plan shows.
    site.gateway.apply()
    site.gateway.wirebuddy("drift")


def test_drift_policy_of_one_interface(site):
    site.gateway.write(
        "interfaces/wg0.yaml",
        document("Interface", name="wg0", address="10.8.0.1/24", listen_port=51820, backend="userspace", drift="report")
        .replace("10.8.0.1/24", "[10.8.0.1/24, fd42:8::1/64]"),
    )  # fmt: skip
    site.serve()
    remove_address(site)
    time.sleep(2)
    assert "10.8.0.1/24" not in site.gateway.addresses()
    assert "10.8.0.1/24" in site.gateway.wirebuddy("drift", expect=CHANGES).stdout


def test_fight_is_given_up(site):
    """An object that somebody changes back again and again is stalled, and the report says so."""
    site.serve()
    for _ in range(8):
        delete_route(site)
        wait_for(
            lambda: site.gateway.namespace.output("ip", "route", "show", "192.168.60.0/24")
            or "Stalled" in site.gateway.wirebuddy("status", expect=[0, 2, 14]).stdout,
            5, 0.2, "healed or stalled",
        )  # fmt: skip
        time.sleep(1.0)
        if "Stalled" in site.gateway.wirebuddy("status", expect=[0, 2, 14]).stdout:
            return
    raise AssertionError("healed eight times in a row without a word")
