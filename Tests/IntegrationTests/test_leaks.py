"""No packet leaves the gateway untranslated, past an isolation, or by a route that vanished."""

import subprocess
import sys
import time
from pathlib import Path

from lab import topology
from lab.flows import Capture, Probe, pings, serve, transfer
from lab.namespace import wait_for

ADVERTISE = Path(__file__).with_name("lab") / "router_advertisement.py"


def ping_on(namespace, host):
    """Keep pinging, ten times a second."""
    return namespace.start("ping", "-n", "-q", "-i", "0.1", host, stdout=subprocess.DEVNULL)


def test_new_peer_is_translated_from_its_first_packet(office):
    """Forwarding is on already and the device sends before its peer exists."""
    office.gateway.serve()
    newcomer = office.add_device()
    office.gateway.remove("peers/wg0/device2.yaml")
    office.gateway.wait_in_sync()
    newcomer.connect(
        office.gateway.public_key(), f"{topology.GATEWAY}:51820",
        ["10.8.0.0/24", "fd42:8::/64", f"{topology.INTERNET}/32", f"{topology.INTERNET6}/128"], keepalive=1,
    )  # fmt: skip
    assert office.gateway.namespace.sysctl("net.ipv4.ip_forward") == "1"
    capture = Capture(office.lab.net, "gw", "net 10.8.0.0/24 or net fd42:8::/64")
    ping_on(newcomer.namespace, topology.INTERNET)
    ping_on(newcomer.namespace, topology.INTERNET6)
    office.gateway.peer("device2", newcomer.public_key, newcomer.number)
    wait_for(lambda: pings(newcomer.namespace, topology.INTERNET), 15, what="the internet through the tunnel")
    wait_for(lambda: pings(newcomer.namespace, topology.INTERNET6), 15, what="the IPv6 internet")
    time.sleep(1)
    assert capture.stop() == []


def test_new_isolated_peer_reaches_nobody_from_its_first_packet(office):
    office.serve()
    guest = office.add_device(name="guest", isolated=True)
    guest.connect(office.gateway.public_key(), f"{topology.GATEWAY}:51820",
                  ["10.8.0.0/24", f"{topology.INTERNET}/32"], keepalive=1)  # fmt: skip
    capture = Capture(office.device.namespace, "wg0", "host 10.8.0.3")
    ping_on(guest.namespace, "10.8.0.2")
    wait_for(lambda: pings(guest.namespace, topology.INTERNET), 15, what="the internet through the tunnel")
    time.sleep(1)
    assert not pings(office.device.namespace, "10.8.0.3", wait=1)
    # What the device itself sends towards the guest is seen on its own link; nothing of the guest's may arrive.
    assert [line for line in capture.stop() if "10.8.0.3 >" in line] == []


def test_isolation_stops_a_running_flow(office):
    other = office.add_device()
    office.serve()
    serve(other.namespace, "echo", "10.8.0.3", 7000)
    flow = Probe(office.device.namespace, "10.8.0.3")
    time.sleep(1)
    office.gateway.peer("device2", other.public_key, 3, isolated=True)
    office.gateway.apply()
    end = time.time()
    time.sleep(1.5)
    figures = flow.stop()
    assert figures["received"] >= 10
    assert figures["last"][0] <= end + 0.1, "the flow went on after the pass"
    assert pings(office.device.namespace, topology.LAN)


def test_default_route_of_a_router_advertisement_survives(lab, office):
    gw = lab.gw
    gw.run("ip", "-6", "route", "del", "default")
    gw.sysctl("net.ipv6.conf.eth0.accept_ra", 1)

    def route():
        lab.net.run(sys.executable, ADVERTISE, "gw")
        time.sleep(0.2)
        return gw.output("ip", "-6", "route", "show", "default", "proto", "ra")

    assert wait_for(route, 5, what="a default route by router advertisement")
    office.gateway.apply()
    assert gw.sysctl("net.ipv6.conf.all.forwarding") == "1"
    assert gw.output("ip", "-6", "route", "show", "default", "proto", "ra")
    gw.run("ip", "-6", "route", "flush", "proto", "ra")
    assert wait_for(route, 5, what="a default route after forwarding is on")
    office.gateway.wirebuddy("down")
    assert gw.sysctl("net.ipv6.conf.eth0.accept_ra") == "1"


def test_large_transfer_over_a_small_path(lab, office):
    """1400 bytes on the way, and no ICMP says so."""
    for namespace, link in ((lab.net, "dev1"), (lab.devices[0], "eth0"), (lab.net, "gw"), (lab.gw, "eth0")):
        namespace.run("ip", "link", "set", link, "mtu", "1400")
    for namespace in (lab.net, lab.gw, lab.devices[0]):
        namespace.run("nft", "add table inet block; add chain inet block output { type filter hook output priority 0; };"
                             "add rule inet block output icmp type destination-unreachable drop;"
                             "add rule inet block output icmpv6 type packet-too-big drop")  # fmt: skip
    lab.lan.run("ip", "link", "set", "eth0", "mtu", "1500")
    office.serve()
    serve(lab.lan, "sink", topology.LAN, 7001)
    assert transfer(lab.devices[0], topology.LAN, 7001, 10_000_000)["bytes"] == 10_000_000
    serve(lab.devices[0], "sink", "10.8.0.2", 7001)
    lab.lan.run("ip", "route", "replace", "10.8.0.0/24", "via", topology.LAN_GATEWAY)
    assert transfer(lab.lan, "10.8.0.2", 7001, 10_000_000)["bytes"] == 10_000_000


def test_site_behind_a_peer_sees_true_sources(lab, office):
    """Device 1 is another site's gateway: its LAN sees who really asks, the internet sees our gateway."""
    other = office.add_device()
    office.gateway.peer("device1", office.device.public_key, 2, routes="[192.168.60.0/24]")
    office.serve()
    site = lab.devices[0]
    site.run("ip", "address", "add", "192.168.60.1/24", "dev", "lo")
    other.namespace.run("wg", "set", "wg0", "peer", office.gateway.public_key(), "allowed-ips",
                        f"10.8.0.0/24,192.168.60.0/24,{topology.INTERNET}/32")  # fmt: skip
    other.namespace.run("ip", "route", "add", "192.168.60.0/24", "dev", "wg0")
    at_site = Capture(site, "wg0", "icmp")
    at_internet = Capture(lab.net, "gw", "icmp and host", topology.INTERNET)
    assert pings(other.namespace, "192.168.60.1")
    assert pings(lab.lan, "192.168.60.1")
    assert pings(other.namespace, topology.INTERNET)
    seen = at_site.stop()
    assert any("10.8.0.3 > 192.168.60.1" in line for line in seen)
    assert any(f"{topology.LAN} > 192.168.60.1" in line for line in seen)
    outside = at_internet.stop()
    assert any(f"{topology.GATEWAY} > {topology.INTERNET}" in line for line in outside)
    assert not any("10.8.0." in line for line in outside)
