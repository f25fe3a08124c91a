"""Other programs that look after links leave ours alone: udev tells them, networkd keeps to it."""

import json
import re

import pytest
from machine import Machine, wait_for

# What a host with one file for everything has: it would take addresses and links over.
EVERYTHING = """\
[Match]
Name=*

[Network]
Address=203.0.113.7/24
# A tunnel whose program is not there has none.
ConfigureWithoutCarrier=yes
"""


@pytest.fixture
def machine(root, package):
    # As it comes in an image: installed while nothing runs.
    root.chroot("dpkg", "--install", root.add(package))
    root.write("/etc/systemd/network/20-everything.network", EVERYTHING)
    # It would tell the devices of this host to announce themselves again.
    root.chroot("systemctl", "mask", "systemd-udev-trigger.service")
    machine = Machine(root, writable_sys=True)
    yield machine
    machine.stop()


def addresses(machine, link):
    found = json.loads(machine.output("ip", "-json", "-4", "address", "show", "dev", link))
    return {address["local"] for one in found for address in one["addr_info"]}


def managed(machine, link):
    """What networkd does with a link, as it writes it down for others."""
    number = machine.output("cat", f"/sys/class/net/{link}/ifindex")
    return re.search(r"(?m)^ADMIN_STATE=(.*)$", machine.output("cat", f"/run/systemd/netif/links/{number}"))[1]


def test_networkd_leaves_our_links_and_routes_alone(machine):
    machine.run("systemctl", "start", "systemd-networkd.service")
    machine.run("wirebuddy", "init")
    machine.run("wirebuddy", "apply")
    # A tunnel of somebody else, who wants networkd to look after it.
    machine.run("ip", "tuntap", "add", "other", "mode", "tun")
    wait_for(lambda: "203.0.113.7" in addresses(machine, "other"), what="networkd at work")
    assert "ID_WIREBUDDY=1" in machine.output("udevadm", "info", "--query=property", "/sys/class/net/wg0")
    assert "NM_UNMANAGED=1" in machine.output("udevadm", "info", "--query=property", "/sys/class/net/wg0")
    assert "WIREBUDDY" not in machine.output("udevadm", "info", "--query=property", "/sys/class/net/other")
    assert managed(machine, "wg0") == "unmanaged" and managed(machine, "other") in ("configuring", "configured")
    assert "203.0.113.7" not in addresses(machine, "wg0")

    # Its start keeps the routes and rules that others made.
    machine.run("ip", "route", "add", "198.51.100.0/24", "dev", "wg0", "proto", "173")
    machine.run("ip", "rule", "add", "to", "198.51.100.0/24", "table", "main", "priority", "9000", "protocol", "173")
    machine.run("ip", "address", "flush", "dev", "other")
    machine.run("systemctl", "restart", "systemd-networkd.service")
    wait_for(lambda: "203.0.113.7" in addresses(machine, "other"), what="networkd at work again")
    assert "198.51.100.0/24" in machine.output("ip", "route", "show", "proto", "173")
    assert "9000:" in machine.output("ip", "rule", "show")
    assert managed(machine, "wg0") == "unmanaged" and "203.0.113.7" not in addresses(machine, "wg0")
